// SPDX-License-Identifier: MIT
// bpf/ring.h: the two rings of keys that expiry walks: who stands in them, how full they get, and that positions may wrap.
import { describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { freshRouter, syn, udp } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { CONNECTION_RING } from './family.ts';
import { dropped } from './outcome.ts';
import { at, CLIENT, SERVER_1, SERVER_2 } from './roles.ts';
import { choices } from './scheduling.ts';

/** Slots that nobody takes: room for additions that are under way. */
const MARGIN = 256;
/** No slot says that it has been written here, so that nothing is taken away. */
const FAR = 2n ** 30n;
const router = freshRouter();
const { connectionSlots, persistenceSlots, ringCursors } = router.tables;
const number = (i: number) => frames({ client: at(CLIENT, 1024 + i) });
const cursor = (ring: number = CONNECTION_RING) => ringCursors.get(ring) as { head: bigint; tail: bigint };
const waiting = (): number => Number(cursor().head - cursor().tail);

function open(count: number): void {
  for (let i = 0; i < count; i++) expect(router.receive(number(i).request(syn)).action).toBe('forwarded');
}

function leaveRoomForOne(ring: number, capacity: number): void {
  ringCursors.set(ring, { head: FAR + BigInt(capacity - MARGIN - 2), tail: FAR });
}

describe('the ring of connections', () => {
  test('has a new connection once', () => {
    router.addService({ servers: [SERVER_1] });
    open(3);
    expect(cursor()).toEqual({ head: 3n, tail: 0n });
    expect(connectionSlots.get(1)).toEqual({
      key: router.connection(number(1)).forward?.key,
      nonce: ((router.connection(number(1)).forward?.state ?? 0) & 0xffff0000) >>> 0,
      sequence: 2,
    });
  });

  test('shows a slice what was there when it began: what it puts back waits for the next', () => {
    router.addService({ servers: [SERVER_1] });
    open(3);
    expect(router.run('expire')).toBe(0);
    expect(cursor()).toEqual({ head: 6n, tail: 3n });
  });

  test('is walked as far as a slot that is still being written', () => {
    router.addService({ servers: [SERVER_1] });
    open(3);
    const slot = connectionSlots.get(1) as NonNullable<ReturnType<typeof connectionSlots.get>>;
    connectionSlots.set(1, { ...slot, sequence: 0 });
    router.pass(100);
    expect(router.run('expire')).toBe(1);
    connectionSlots.set(1, slot);
    expect(router.run('expire')).toBe(2);
  });

  test.each([32, 40])('goes on when its position passes %i bits', (bits) => {
    router.addService({ servers: [SERVER_1] });
    const start = 2n ** BigInt(bits) - 2n;
    ringCursors.set(CONNECTION_RING, { head: start, tail: start });
    open(5);
    router.receive(number(4).request());
    router.pass(100);
    expect(router.run('expire')).toBe(4);
    expect(waiting()).toBe(1);
    expect(cursor().tail).toBeGreaterThan(start + 4n);
    expect(router.halves).toBe(2);
  });

  test('keeps a margin; without more room a new connection is dropped, as from a full table', () => {
    const service = router.addService({ servers: [SERVER_1] });
    leaveRoomForOne(CONNECTION_RING, connectionSlots.capacity);
    open(1);
    expect(router.receive(number(1).request(syn))).toEqual(dropped('table_full'));
    expect(router.halves).toBe(2);
    expect(service.load(SERVER_1)).toEqual({ active: 1, inactive: 0 });
  });
});

describe('the ring of persistence entries', () => {
  const RING = abi.Ring.PERSISTENCE;
  const persistence = { ticks: 10 };

  /** Entries of so many clients, over long before the timer comes. */
  function enter(count: number): void {
    router.addService({ ...udp, persistence, servers: [SERVER_1] });
    for (let i = 0; i < count; i++) {
      const client = { address: `203.0.113.${i}`, port: 1 };
      router.route(client);
      router.receive(frames({ client }).request(udp));
    }
    expect(router.tables.persistence.size).toBe(count);
    router.pass(10);
  }

  test('has a new entry once', () => {
    enter(3);
    expect(cursor(RING)).toEqual({ head: 3n, tail: 0n });
    expect(persistenceSlots.get(1)).toMatchObject({ sequence: 2 });
  });

  test('is walked as far as a slot that is still being written', () => {
    enter(3);
    const slot = persistenceSlots.get(1) as NonNullable<ReturnType<typeof persistenceSlots.get>>;
    persistenceSlots.set(1, { ...slot, sequence: 0 });
    router.run('expire');
    expect(router.tables.persistence.size).toBe(2);
    persistenceSlots.set(1, slot);
    router.run('expire');
    expect(router.tables.persistence.size).toBe(0);
  });

  test.each([11, 32])('goes on when its position passes %i bits', (bits) => {
    const start = 2n ** BigInt(bits) - 2n;
    ringCursors.set(RING, { head: start, tail: start });
    enter(5);
    router.run('expire');
    expect(router.tables.persistence.size).toBe(0);
    expect(cursor(RING)).toEqual({ head: start + 5n, tail: start + 5n });
  });

  test('keeps a margin; without more room clients are served without an entry', () => {
    leaveRoomForOne(RING, persistenceSlots.capacity);
    enter(1);
    router.addService({ scheduler: 'rr', persistence, servers: [SERVER_1, SERVER_2] });
    expect(choices(router, 3)).toBe('2 1 2');
    expect(router.tables.persistence.size).toBe(1);
    expect(router.happened('persistence_full')).toBe(3);
  });
});
