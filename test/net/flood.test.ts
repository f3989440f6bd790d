// SPDX-License-Identifier: MIT
// A flood of SYNs many times the table's size: it costs no established connection a packet, newcomers get in, and every
// packet of it is accounted for.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payloadSha256 } from '../../src/lab/payload.ts';
import { bundleScript } from '../bundle-script.ts';
import { downloadSha256, type Held, hold, visit } from './clients.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { expectNoSegmentLost } from './loss.ts';
import { Rig } from './rig.ts';
import { happened, type ShownStatus } from './shown.ts';

const CAPACITY = 2048;
const HELD = 200;
const SIZE = 8_000_000;
const SYNS = 10 * CAPACITY;
const RATE = 5_000;
const FLOOD = fileURLToPath(new URL('../soak/flood.ts', import.meta.url));
/** Whom the flood says it is from, and their network. */
const SOURCES = { IPv4: ['198.18.0.0', '198.18.0.0/15'], IPv6: ['2001:db8:c612::', '2001:db8:c612::/64'] } as Record<
  string,
  [string, string]
>;

describe.each(FAMILIES)('by $family', ({ family, vip, url, of }) => {
  const [firstSource, sources] = SOURCES[family] as [string, string];
  let rig: Rig;
  let held: Held;
  let status: ShownStatus;

  beforeAll(async () => {
    rig = await Rig.create(
      { name: 'flood', clients: 2, servers: 2, ipv6: true },
      {
        interfaces: BOTH_FAMILIES,
        services: [
          { name: 'web', protocol: 'tcp', address: vip, port: 80, servers: [{ address: of('10.0.0.1') }] },
          { name: 'deaf', protocol: 'tcp', address: vip, port: 81, servers: [{ address: of('10.0.0.2') }] },
        ],
        tables: { connections: CAPACITY, persistence: 1024 },
      },
    );
    const { lab } = rig;
    await startHttpServer(lab.server(1), [80], '::');
    for (const line of [
      'add table inet t',
      'add chain inet t in { type filter hook input priority 0; }',
      'add rule inet t in tcp dport 81 drop',
    ])
      await lab.server(2).exec('nft', [line]);
    await rig.onRouter(`ip route add ${sources} via ${of(lab.client(2).address)}`);
    await rig.up();
    held = await hold(lab.client(1), vip, 80, HELD);
  });

  afterAll(() => rig.destroy());

  /** Floods until `during` is over and so many have been sent; returns how many were. */
  async function flood(during: () => Promise<unknown>): Promise<number> {
    const [link] = JSON.parse(await rig.onRouter('ip -j link show pub0')) as { address: string }[];
    const target = ['eth0', link?.address ?? '', vip, 81, firstSource, 100_000, RATE].map(String);
    const flooding = await rig.lab
      .client(2)
      .spawn(process.execPath, [bundleScript(FLOOD), ...target])
      .says('flooding');
    const begun = performance.now();
    await during();
    await sleep(Math.max(0, (SYNS / RATE) * 1000 + 500 - (performance.now() - begun)));
    await flooding.stop();
    return Number(flooding.stdout.split('\n')[1]);
  }

  const deaf = ({ services }: ShownStatus): number =>
    services.find(({ name }) => name === 'deaf')?.counters.incoming_packets ?? 0;
  const established = async () =>
    (await rig.show('connections', '--service', 'web')).filter(({ state }) => state === 'ESTABLISHED').length;

  test('established connections lose no packet, and new ones get in at once', async () => {
    const client = rig.lab.client(1);
    const visited: string[] = [];
    const sent = await flood(async () => {
      const download = downloadSha256(client, `http://${url}/bytes/${SIZE}`, '--limit-rate', '3M');
      for (let i = 0; i < 20; i++) visited.push((await visit(client, url)).server);
      expect(await download).toBe(payloadSha256(SIZE));
    });
    expect(sent).toBeGreaterThanOrEqual(SYNS);
    expect(visited).toEqual(Array(20).fill('server1'));
    await expectNoSegmentLost([rig.lab.client(1)], [rig.lab.server(1)]);
    status = await rig.show('status');
    // every SYN that came in reached a server (a veth's queue may lose some of a burst); nothing else was ever in the way
    expect(deaf(status)).toBeLessThanOrEqual(sent);
    expect(deaf(status)).toBeGreaterThan(sent * 0.97);
    expect(happened(status.drops)).toEqual({});
  });

  test('those that were idle meanwhile are all there', async () => {
    expect(await established()).toBe(HELD);
    await held.process.stop();
    await expectNoSegmentLost([rig.lab.client(1)], [rig.lab.server(1)]);
  });

  test('the half-open gave way, one for each newcomer, and everything that was made is accounted for', async () => {
    const { events, tables, services } = status;
    const entries = tables[family === 'IPv6' ? 'ipv6_connections' : 'connections']?.entries ?? 0;
    const { connection_created: created = 0, connection_reclaimed: reclaimed = 0 } = events;
    expect(reclaimed).toBeGreaterThan(SYNS * 0.97 - CAPACITY);
    const ended = (events.connection_expired ?? 0) + (events.connection_reused ?? 0) + (events.closed_reclaimed ?? 0);
    expect(created - reclaimed - ended).toBe(entries);
    expect(services.reduce((sum, { active, inactive }) => sum + active + inactive, 0)).toBe(entries);
    expect(entries).toBeLessThanOrEqual(CAPACITY);
  });
});
