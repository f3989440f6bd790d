// SPDX-License-Identifier: MIT
// bpf/expiry.h: what the timer takes away besides the expired, as IPVS's drop_entry and expire_nodest_conn have it.
import { beforeEach, describe, expect, test } from 'vitest';
import type * as abi from '../../src/abi/index.ts';
import { freshRouter, syn, udp } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { at, CLIENT, SERVER_1, SERVER_2, VIP } from './roles.ts';
import { ticks } from './router.ts';
import type { ServiceFixture } from './service-fixture.ts';

const router = freshRouter();
let tcp: ServiceFixture;
beforeEach(() => {
  tcp = router.addService({ servers: [SERVER_1] });
  router.addService({ protocol: 'udp', servers: [SERVER_1] });
});

const number = (i: number, server = SERVER_1) => frames({ client: at(CLIENT, 1024 + i), server });
const COUNT = 400;
const each = (act: (i: number) => void): void => {
  for (let i = 0; i < COUNT; i++) act(i);
};
/** As many slices as go once round. */
function goRound(times = 1): void {
  for (let i = 0; i < times; i++) router.goRound(COUNT);
}
const establish = (i: number): void => {
  router.receive(number(i).request(syn));
  router.receive(number(i).request());
};

describe('drop_entry', () => {
  test('discards one of four half-open connections a round, all in the end', () => {
    router.set({ dropEntry: 3 });
    each((i) => router.receive(number(i).request(syn)));
    goRound();
    const discarded = router.happened('connection_discarded');
    expect(discarded).toBeGreaterThan(COUNT / 8);
    expect(discarded).toBeLessThan(COUNT / 2);
    expect(router.halves).toBe(2 * (COUNT - discarded));
    goRound(60);
    expect(router.halves).toBe(0);
    expect(tcp.load(SERVER_1)).toEqual({ active: 0, inactive: 0 });
  });

  test('is off by default', () => {
    each((i) => router.receive(number(i).request(syn)));
    goRound(20);
    expect(router.halves).toBe(2 * COUNT);
  });

  test.each([1, 2])('%i acts while memory is short, as long as a daemon says so', (dropEntry) => {
    router.set({ dropEntry });
    each((i) => router.receive(number(i).request(syn)));
    goRound(5);
    expect(router.happened('connection_discarded')).toBe(0);
    router.tables.daemons.set(0, { seen: router.now, pid: 1, shortage: 7 });
    goRound(5);
    const discarded = router.happened('connection_discarded');
    expect(discarded).toBeGreaterThan(0);
    router.pass(31);
    goRound(5);
    expect(router.happened('connection_discarded')).toBe(discarded);
  });

  test('leaves established connections and datagrams alone for a minute', () => {
    router.set({ dropEntry: 3 });
    each((i) => (i % 2 ? establish(i) : router.receive(number(i).request(udp))));
    router.pass(59);
    goRound(20);
    expect(router.halves).toBe(2 * COUNT);
  });

  test('and then discards those whose few packets all came in their first second', () => {
    router.set({ dropEntry: 3 });
    each((i) => (i % 2 ? establish(i) : router.receive(number(i).request(udp))));
    router.pass(61);
    goRound(10);
    const states = { established: 0, udp: 0 };
    each((i) => {
      if (router.state(number(i), i % 2 ? 'tcp' : 'udp')) states[i % 2 ? 'established' : 'udp']++;
    });
    // one of 32 a round, and one of 4
    expect(states.established).toBeGreaterThan(COUNT / 10);
    expect(states.established).toBeLessThan(COUNT / 2);
    expect(states.udp).toBeLessThan(COUNT / 8);
  });

  test('but no connection that has lasted longer, and none that is closing', () => {
    router.set({ dropEntry: 3 });
    each(establish);
    router.pass(2);
    each((i) => (i % 2 ? router.receive(number(i).request()) : router.receive(number(i).request({ flags: 'FA' }))));
    router.pass(50);
    goRound(30);
    expect(router.halves).toBe(2 * COUNT);
    router.pass(20);
    each((i) => i % 2 && expect(router.state(number(i))).toBe('established'));
    const closing = router.happened('connection_discarded');
    goRound(30);
    expect(router.happened('connection_discarded')).toBe(closing);
  });
});

describe('drop_entry and persistence', () => {
  const entries = () => router.tables.persistence.size;
  const from = (i: number) => ({ address: `198.51.100.${i}`, port: 5000 });
  const COME = 100;

  beforeEach(() => {
    router.addService({ at: at(VIP, 81), persistence: { ticks: ticks(300) }, servers: [SERVER_1] });
    for (let i = 0; i < COME; i++) {
      const f = frames({ client: from(i), vip: at(VIP, 81), server: SERVER_1 });
      router.route(f.client);
      router.receive(f.request(syn));
      if (i % 2) router.receive(f.request());
      if (i % 2) router.receive(f.request({ flags: 'R' }));
    }
    expect(entries()).toBe(COME);
  });

  test('entries of clients that were never connected go when their connections have', () => {
    router.set({ dropEntry: 3 });
    router.pass(70);
    goRound(80);
    expect(router.halves).toBe(0);
    expect(entries()).toBe(COME / 2);
    expect(router.happened('persistence_discarded')).toBe(COME / 2);
  });

  test('without it they have their time', () => {
    router.pass(70);
    goRound(80);
    expect(entries()).toBe(COME);
  });
});

describe('a persistence table that is nearly full', () => {
  const small = freshRouter({ persistence: 64, persistenceRing: 1024 });

  test('lets go of clients that were never connected, and keeps the others', () => {
    small.addService({ persistence: { ticks: ticks(300) }, servers: [SERVER_1] });
    for (let i = 0; i < 64; i++) {
      const f = frames({ client: { address: `198.51.100.${i}`, port: 5000 } });
      small.route(f.client);
      small.receive(f.request(syn));
      if (i < 20) small.receive(f.request());
      if (i >= 20) small.receiveReply(f.reply({ flags: 'R' }));
    }
    small.pass(3);
    for (let i = 0; i < 4; i++) small.goRound(0, 32);
    const left = [...small.tables.persistence.values()];
    expect(left.length).toBeLessThanOrEqual(56);
    expect(left.filter(({ assured }) => assured)).toHaveLength(20);
    expect(small.happened('persistence_discarded')).toBe(64 - left.length);
  });

  test('but not of those that have come within a second', () => {
    small.addService({ ...udp, persistence: { ticks: ticks(300) }, servers: [SERVER_1] });
    for (let i = 0; i < 64; i++) {
      const f = frames({ client: { address: `198.51.100.${i}`, port: 5000 } });
      small.route(f.client);
      small.receive(f.request(udp));
    }
    small.pass(1);
    small.goRound(0, 64);
    expect(small.tables.persistence.size).toBe(64);
    small.passTicks(1);
    small.goRound(0, 64);
    expect(small.tables.persistence.size).toBeLessThanOrEqual(56);
  });
});

describe('expire_nodest_conn', () => {
  test('connections of a server that was removed are gone within a round, without a packet of theirs', () => {
    const both = router.addService({ at: at(VIP, 82), scheduler: 'rr', servers: [SERVER_1, SERVER_2] });
    const f = (i: number) => frames({ client: at(CLIENT, 1024 + i), vip: at(VIP, 82) });
    for (let i = 0; i < 100; i++) router.receive(f(i).request(syn));
    const slot = both.slot(SERVER_2);
    both.remove(SERVER_2);
    goRound();
    expect(router.halves).toBe(200);
    router.set({ expireNodestConn: 1 });
    goRound();
    expect(router.halves).toBe(100);
    expect(router.happened('connection_flushed')).toBe(50);
    expect(router.tables.serverLoads.get(slot)).toMatchObject({ active: 0, inactive: 0 });
    expect(both.load(SERVER_1)).toEqual({ active: 50, inactive: 0 });
  });

  test('so are its persistence entries, when no connection holds them', () => {
    const both = router.addService({ persistence: { ticks: 10_000 }, scheduler: 'rr', servers: [SERVER_1, SERVER_2] });
    for (let i = 1; i <= 40; i++)
      router.receive(frames({ client: { address: `203.0.113.${i}`, port: 99 } }).request(syn));
    both.remove(SERVER_2);
    goRound();
    expect(router.tables.persistence.size).toBe(40);
    router.set({ expireNodestConn: 1 });
    goRound();
    goRound();
    expect([...router.tables.persistence.values()].map(({ server }) => server)).toEqual(
      Array.from({ length: 20 }, () => both.slot(SERVER_1)),
    );
  });

  test('but for one that a connection still holds', () => {
    const both = router.addService({ persistence: { ticks: 10_000 }, servers: [SERVER_2] });
    router.receive(frames().request(syn));
    both.remove(SERVER_2);
    router.set({ expireNodestConn: 1 });
    const [[key, entry] = []] = [...router.tables.persistence.entries()];
    // one that the timer has not come by yet
    router.tables.persistence.set(key as never, { ...(entry as abi.Persistence), active: 2 });
    goRound();
    expect([...router.tables.persistence.values()]).toMatchObject([{ active: 1 }]);
  });

  test('one whose packet comes first is counted the same', () => {
    const one = router.addService({ at: at(VIP, 82), servers: [SERVER_1] });
    const f = frames({ vip: at(VIP, 82) });
    router.receive(f.request(syn));
    one.remove(SERVER_1);
    router.set({ expireNodestConn: 1 });
    router.announceChange();
    router.receive(f.request());
    expect(router.happened('connection_flushed')).toBe(1);
    expect(router.halves).toBe(0);
  });
});
