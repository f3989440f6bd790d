// SPDX-License-Identifier: MIT
// Counts after a million short connections: SYN, FIN and RST in any order, on two CPUs and with the timer at work, in a table too
// small for them, with thresholds and persistence. What the data plane counted is what the table holds, and in the end nothing.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { frames } from './conversation.ts';
import { CONNECTION_RING } from './family.ts';
import { at, SERVER_1, SERVER_2, SERVER_3, VIP } from './roles.ts';
import { Router, ticks } from './router.ts';
import { census, counted, makeTraffic } from './traffic.ts';

const CAPACITY = 4096;
const CLIENTS = 200;
const FIRST_CLIENT = { address: '198.51.100.1', port: 1024 };
const CONNECTIONS = 1_000_000;
const PACKETS = 500_000;

let router: Router;
beforeAll(() => {
  router = Router.open({ connections: 2 * CAPACITY, connectionRing: 8192, persistence: 150, persistenceRing: 1024 });
  for (let i = 1; i <= CLIENTS; i++) router.route({ address: `198.51.100.${i}`, port: 0 });
  router.addService({ scheduler: 'wlc', servers: [SERVER_1, SERVER_2, { at: SERVER_3, upper: 300, lower: 200 }] });
  router.addService({
    at: at(VIP, 81),
    scheduler: 'rr',
    persistence: { ticks: ticks(20) },
    servers: [{ at: at(SERVER_1, 81), upper: 500 }, at(SERVER_2, 81)],
  });
  router.addService({
    at: at(VIP, 82),
    scheduler: 'twos',
    servers: [
      { at: at(SERVER_2, 82), upper: 100 },
      { at: at(SERVER_3, 82), upper: 100 },
    ],
  });
  expect(router.run('start_timer')).toBe(2);
});
afterAll(() => router.close());

const created = (): number => router.happened('connection_created');
const ended = (): number =>
  ['connection_expired', 'connection_reclaimed', 'connection_reused', 'connection_discarded', 'closed_reclaimed']
    .map((event) => router.happened(event))
    .reduce((sum, one) => sum + one);

const ring = (): number => {
  const { head = 0n, tail = 0n } = router.tables.ringCursors.get(CONNECTION_RING) ?? {};
  return Number(head - tail);
};

describe('a million short connections', () => {
  test('are counted as the table holds them, whatever the order of their packets', async () => {
    const syn = frames({ client: FIRST_CLIENT }).request({ flags: 'S', payload: new Uint8Array() });
    while (created() < CONNECTIONS) await makeTraffic(router, syn, PACKETS);
    // the timer may still be removing some while both are read; a count that is wrong stays wrong
    const right = () => {
      const { connections, orphans, ...own } = census(router);
      expect(counted(router)).toEqual(own);
      expect([orphans, created() - ended()]).toEqual([0, connections]);
      expect(connections).toBeGreaterThan(CAPACITY / 4);
    };
    await vi.waitFor(right, { timeout: 30_000, interval: 500 });
  });

  test('have met everything that may end one, and thresholds and a full table', () => {
    for (const event of ['connection_expired', 'connection_reclaimed', 'connection_reused', 'persistence_full'])
      expect(router.happened(event), event).toBeGreaterThan(100);
    expect(router.reasons.no_server).toBeGreaterThan(100);
  });

  test('leave nothing behind when their time is over', async () => {
    router.now = Number((router.tables.clocks.get(0) ?? 0n) >> 26n);
    router.pass(2000);
    await vi.waitFor(() => expect([router.halves, ring()]).toEqual([0, 0]), { timeout: 60_000, interval: 100 });
    router.pass(2000);
    router.goRound(0, 640);
    expect(counted(router)).toEqual({ servers: {}, persistence: {} });
    expect([router.halves, router.tables.persistence.size]).toEqual([0, 0]);
    expect(created()).toBe(ended());
  });
});
