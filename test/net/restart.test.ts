// SPDX-License-Identifier: MIT
// What happens to the daemon and its config happens beside the traffic: downloads, web, DNS and FTP go on unharmed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startDnsServer } from '../../src/lab/dns-server.ts';
import { startFtpServer } from '../../src/lab/ftp-server.ts';
import type { Host } from '../../src/lab/host.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { payload, payloadSha256 } from '../../src/lab/payload.ts';
import { visit } from './clients.ts';
import { expectNothingLost } from './loss.ts';
import { compileOther } from './other-object.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';
import { happened } from './shown.ts';

const SIZE = 16_000_000;
/** of each server's wire: slow while something happens, so that no download ends before that; then a download of four seconds */
const RATES = { slow: '8mbit', usual: '32mbit' };
const servers = [{ address: '10.0.0.1' }, { address: '10.0.0.2' }];

const config: RigConfig = {
  marks: [{ mark: 21, protocol: 'tcp', address: VIP, ports: [21, '10000-20000'] }],
  services: [
    { name: 'web', protocol: 'tcp', address: VIP, port: 80, scheduler: 'rr', servers },
    { name: 'dns', protocol: 'udp', address: VIP, port: 53, scheduler: 'rr', servers },
    { name: 'ftp', mark: 21, persistence: { timeout: 300 }, servers },
  ],
};

let rig: Rig;
let daemon: LabProcess;

beforeAll(async () => {
  rig = await Rig.create({ name: 'restart', servers: 2 }, config);
  const { lab } = rig;
  writeFileSync(join(lab.directory, 'file'), Buffer.concat([...payload(SIZE)]));
  const ftp = { directory: lab.directory, passivePorts: '10000-20000', passiveAddress: VIP };
  for (const server of lab.servers)
    await Promise.all([startHttpServer(server, [80, 81]), startDnsServer(server), startFtpServer(server, ftp)]);
  // Slow wires rather than slow readers: no burst that overflows a veth's queue, no window that closes.
  await wires('add', RATES.usual);
  daemon = await rig.daemon();
});

afterEach(async () => {
  await daemon.stop();
  rig.write(config);
  daemon = await rig.daemon();
});

afterAll(() => rig.destroy());

const ends = (): Host[] => [rig.lab.client(), ...rig.lab.servers];

const shell = (script: string): LabProcess => rig.lab.client().spawn('bash', ['-o', 'pipefail', '-c', script]);

/** Runs `command` over and over, until it is told to stop; then says how often it succeeded and failed. */
const loop = (command: string): LabProcess =>
  shell(`trap 'end=1' TERM; while [ -z "$end" ]; do { ${command}; } && ok=$((ok + 1)) || lost=$((lost + 1)); sleep 0.02; done
    echo "$((ok)) $((lost))"`);

async function wires(verb: 'add' | 'change', rate: string): Promise<void> {
  const shape = `qdisc ${verb} dev eth0 root tbf rate ${rate} burst 32kb limit 8mb`.split(' ');
  for (const server of rig.lab.servers) await server.exec('tc', shape);
}

/** Connections reset, at each end. */
async function resets(): Promise<number[]> {
  const count = async (host: Host) => {
    const { stdout } = await host.exec('nstat', ['-asz', '--json', 'TcpEstabResets']);
    return JSON.parse(stdout).kernel.TcpEstabResets;
  };
  return await Promise.all(ends().map(count));
}

async function finish(process: LabProcess, signal?: 'SIGTERM'): Promise<string> {
  if (signal) process.kill(signal);
  const { status } = await process.exited;
  expect([status, process.stderr]).toEqual([0, '']);
  return process.stdout.trim();
}

/** The ports of the VIP with a connection that lasts: FTP's two and the download's. */
async function livePorts(): Promise<number[]> {
  const live = (await rig.show('connections')).filter(({ state }) => state === 'ESTABLISHED');
  return [...new Set(live.map(({ virtual }) => virtual.port))].sort((a, b) => a - b);
}

/** Some seconds of traffic of all kinds; `act` happens in their midst. Nothing of it may suffer. */
async function duringTraffic(act: () => Promise<unknown>): Promise<void> {
  const before = await resets();
  await wires('change', RATES.slow);
  const download = shell(`curl -sSf --max-time 60 http://${VIP}/bytes/${SIZE} | sha256sum`);
  const set = `set net:max-retries 1; set net:timeout 5`;
  const ftp = shell(`lftp -c '${set}; open ftp://${VIP}; cat file' | sha256sum`);
  const web = loop(`curl -sSf --max-time 10 http://${VIP}/ | grep -q "saw ${rig.lab.client().address}"`);
  const dns = loop(`dig +short +notcp +tries=1 +timeout=5 @${VIP} who.lab TXT | grep -q server`);
  await expect.poll(livePorts, { timeout: 5_000 }).toMatchObject([21, 80, expect.any(Number)]);
  let isOver = false;
  void Promise.race([download.exited, ftp.exited]).then(() => {
    isOver = true;
  });
  await act();
  expect(isOver, 'the downloads ended too early to be in the middle').toBe(false);
  await wires('change', RATES.usual);
  const sums = [await finish(download), await finish(ftp)];
  expect(sums).toEqual(Array(2).fill(`${payloadSha256(SIZE)}  -`));
  for (const looped of [web, dns]) {
    const [ok = 0, lost] = (await finish(looped, 'SIGTERM')).split(' ').map(Number);
    expect(lost).toBe(0);
    expect(ok).toBeGreaterThan(10);
  }
  expect(happened((await rig.show('status')).drops)).toEqual({});
  expect(await resets()).toEqual(before);
  await expectNothingLost([rig.lab.client()], rig.lab.servers);
}

const programIds = async (): Promise<unknown[]> =>
  (await rig.snapshot()).links.filter((link) => link.includes(' xdp '));

test('a daemon that is killed takes nothing along', async () => {
  await duringTraffic(() => daemon.stop('SIGKILL'));
});

test('a daemon that is stopped and started again takes over what runs', async () => {
  const programs = await programIds();
  await duringTraffic(async () => {
    await daemon.stop('SIGTERM');
    daemon = await rig.daemon();
  });
  expect(daemon.stdout).toContain('"loaded":"reused"');
  expect(await programIds()).toEqual(programs);
});

test('a reload of a changed file leaves live connections alone', async () => {
  const [web, ...others] = config.services ?? [];
  await duringTraffic(async () => {
    const more = { ...web, name: 'more', protocol: 'tcp', address: VIP, port: 81, servers } as const;
    const weighted = servers.map((server, i) => ({ ...server, weight: i + 1 }));
    rig.write({
      ...config,
      services: [{ ...more }, { ...more, name: 'web', port: 80, scheduler: 'wrr', servers: weighted }, ...others],
      timeouts: { tcp: 800 },
    });
    const { stdout } = await rig.xlvs(['reload']);
    expect(stdout).toMatch(/^\+ service more: /m);
    expect(stdout).toMatch(/^~ service web: scheduler rr -> wrr$/m);
    expect(stdout).toMatch(/^~ timeouts: tcp 900 -> 800$/m);
  });
  expect((await visit(rig.lab.client(), `${VIP}:81`)).remote).toBe(`${VIP}:81`);
});

test('a new program version replaces the old one under live connections', async () => {
  const programs = await programIds();
  const env = { XLVS_OBJECT: compileOther(rig.lab.directory) };
  await duringTraffic(async () => {
    await daemon.stop('SIGTERM');
    daemon = await rig.daemon({ env });
  });
  expect(daemon.stdout).toContain('"loaded":"upgraded"');
  const after = await programIds();
  expect(after).toHaveLength(2);
  for (const program of after) expect(programs).not.toContain(program);
});

test('an upgrade without a daemon, and back again', async () => {
  const env = { XLVS_OBJECT: compileOther(rig.lab.directory) };
  await daemon.stop();
  await duringTraffic(async () => {
    expect(await rig.up({ env })).toMatch(/data plane upgraded/);
    expect(await rig.up()).toMatch(/data plane upgraded/);
  });
  expect(await rig.up()).toMatch(/data plane reused/);
});
