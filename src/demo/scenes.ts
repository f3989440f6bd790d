// SPDX-License-Identifier: MIT
// What the demo shows, one scene a function: NAT, persistence, marks, counters. Each says what should be seen and
// checks it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../lab/host.ts';
import { VIP } from '../lab/topology.ts';
import { METRICS, PERSISTENCE_TIMEOUT } from './demo-config.ts';
import type { Stage } from './stage.ts';
import { type Visit, visit } from './visit.ts';

export interface Scene {
  readonly client: Host;
  readonly router: Host;
  /** runs `xlvs ARGS` in the router */
  readonly xlvs: (...args: string[]) => Promise<string>;
}

const servers = (visits: readonly Visit[]): string => visits.map(({ server }) => server).join(' ');

async function visits(stage: Stage, client: Host, ports: readonly number[]): Promise<Visit[]> {
  const all: Visit[] = [];
  for (const port of ports) {
    const one = await visit(client, port);
    stage.line(`client asks ${VIP}:${port}  ${one.server} answers; it saw ${one.seen}`);
    all.push(one);
  }
  return all;
}

/** Three requests, three servers; each saw the client itself, and the client only the VIP. */
export async function showNat(stage: Stage, { client }: Scene): Promise<void> {
  stage.heading('NAT: service web, tcp port 8080 to port 80 of three servers, rr');
  const all = await visits(stage, client, [8080, 8080, 8080]);
  stage.check(
    'three requests went to three servers',
    new Set(all.map(({ server }) => server)).size === 3,
    servers(all),
  );
  const direct = all.every(({ seen }) => seen.startsWith(`${client.address}:`) && seen.endsWith(':80'));
  stage.check('each server saw the client itself, at its own port 80', direct);
  const fromVip = all.every(({ from }) => from === VIP);
  stage.check(`every answer came from the VIP ${VIP}`, fromVip, all.map(({ from }) => from).join(' '));
}

/** Same server while the entry lives, the next one in turn when it has expired. */
export async function showPersistence(stage: Stage, { client, xlvs }: Scene): Promise<void> {
  stage.heading(`Persistence: service sticky keeps a client's server for ${PERSISTENCE_TIMEOUT} s`);
  const all = await visits(stage, client, [8081, 8081, 8081]);
  const [first] = all;
  stage.check(
    'the client stays with its server',
    all.every(({ server }) => server === first?.server),
    servers(all),
  );
  stage.quote(await xlvs('persistence', '--service', 'sticky'));
  stage.line(`waiting ${PERSISTENCE_TIMEOUT + 1} s without a new connection …`);
  await sleep((PERSISTENCE_TIMEOUT + 1) * 1000);
  const [later] = await visits(stage, client, [8081]);
  stage.check(
    'then the entry has expired, and the scheduler chooses anew',
    later?.server !== first?.server,
    servers(all),
  );
}

/** Two ports, one mark, one server. */
export async function showMarks(stage: Stage, { client, xlvs }: Scene): Promise<void> {
  stage.heading('Marks: ports 80 and 443 carry mark 80, and one service balances the mark');
  stage.quote(await xlvs('marks'));
  const all = await visits(stage, client, [80, 443, 80, 443]);
  stage.check('80 and 443 go to one server', new Set(all.map(({ server }) => server)).size === 1, servers(all));
  const ports = all.map(({ seen }) => seen.split(':').at(-1)).join(' ');
  stage.check('each at the port the client used', ports === '80 443 80 443', ports);
}

const SERIES = /^node_ipvs_(connections|incoming_packets|outgoing_packets)_total (\d+)$/gm;

/** The endpoint's counts against what the scenes before have done: 3 + 4 + 4 connections. */
export async function showCounters(stage: Stage, { router, xlvs }: Scene): Promise<void> {
  stage.heading(`Counters: the Prometheus endpoint at ${METRICS}, with node_exporter's own ipvs series`);
  const { stdout } = await router.exec('curl', ['--silent', '--show-error', `http://${METRICS}/metrics`]);
  const found = new Map(
    [...stdout.matchAll(SERIES)].map(([line, name = '', count]) => [name, { line, count: Number(count) }]),
  );
  stage.quote([...found.values()].map(({ line }) => line).join('\n'));
  const connections = found.get('connections')?.count;
  stage.check('11 requests are 11 connections', connections === 11, String(connections));
  const [inbound = 0, outbound = 0] = ['incoming_packets', 'outgoing_packets'].map(
    (name) => found.get(name)?.count ?? 0,
  );
  stage.check('packets were counted both ways', inbound > 11 && outbound > 11, `${inbound} in, ${outbound} out`);
  stage.quote(await xlvs('status'));
}
