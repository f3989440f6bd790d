// SPDX-License-Identifier: MIT
// bpf/expiry_persistence.h: the walk over the persistence ring.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { at, CLIENT, SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';
import { chosen, freshPort } from './scheduling.ts';

/** So much later the timer deletes an entry: nobody who found it alive is still at work with it then. */
const GRACE = 15;
const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

function waitingEntries(): number {
  const { head = 0n, tail = 0n } = router.tables.ringCursors.get(1) ?? {};
  return Number(head - tail);
}

describe('the walk over persistence entries', () => {
  const TIMEOUT = 1000;
  const persistent = () =>
    router.addService({ scheduler: 'rr', persistence: { ticks: TIMEOUT }, servers: [SERVER_1, SERVER_2] });

  test('deletes what has expired', () => {
    persistent();
    const f = frames();
    router.receive(f.request({ flags: 'S' }));
    router.receiveReply(f.reply({ flags: 'R' }));
    router.receiveReply(frames({ server: SERVER_2 }).reply({ flags: 'R' }));
    router.passTicks(TIMEOUT + GRACE);
    router.run('expire');
    expect(router.tables.persistence.size).toBe(1);
    router.passTicks(1);
    router.run('expire');
    expect(router.tables.persistence.size).toBe(0);
    expect(router.happened('persistence_expired')).toBe(1);
    expect(waitingEntries()).toBe(0);
  });

  test('keeps what active connections hold', () => {
    persistent();
    router.set({ timeouts: router.settings.timeouts.map(() => 1_000_000) });
    chosen(router, at(CLIENT, freshPort()));
    for (let i = 0; i < 4; i++) {
      router.passTicks(TIMEOUT + 1);
      router.run('expire');
    }
    expect(router.tables.persistence.size).toBe(1);
    expect(waitingEntries()).toBe(1);
  });

  test('and keeps counting its time from the last re-arming', () => {
    persistent();
    router.set({ timeouts: router.settings.timeouts.map(() => 1_000_000) });
    const f = frames({ server: SERVER_2 });
    router.receive(f.request({ flags: 'S' }));
    router.passTicks(TIMEOUT + 900);
    router.run('expire');
    router.receive(f.request());
    router.receive(f.request({ flags: 'R' }));
    router.passTicks(100 + GRACE);
    router.run('expire');
    expect(router.tables.persistence.size).toBe(1);
    router.passTicks(1);
    router.run('expire');
    expect(router.tables.persistence.size).toBe(0);
  });

  test('comes round to every entry', () => {
    router.addService({ protocol: 'udp', persistence: { ticks: 10 }, servers: [SERVER_1] });
    for (let i = 0; i < 100; i++) {
      const client = { address: `203.0.113.${i}`, port: 1 };
      router.route(client);
      router.receive(frames({ client }).request({ protocol: 'udp' }));
    }
    router.passTicks(11 + GRACE);
    router.goRound(0, 100);
    expect(router.tables.persistence.size).toBe(0);
  });
});
