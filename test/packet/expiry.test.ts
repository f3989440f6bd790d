import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { CONNECTION_RING } from './family.ts';
import { forwarded, passed } from './outcome.ts';
import { at, CLIENT, PRIVATE, SERVER_1 } from './roles.ts';
import { Router } from './router.ts';
import { putInto } from './states.ts';

const SLICE = 128;
const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const number = (i: number) => frames({ client: at(CLIENT, 1024 + i) });
const cursor = () => router.tables.ringCursors.get(CONNECTION_RING) as { head: bigint; tail: bigint };
const waiting = (): number => Number(cursor().head - cursor().tail);

function open(count: number): void {
  for (let i = 0; i < count; i++) expect(router.receive(number(i).request({ flags: 'S' })).action).toBe('forwarded');
}

describe('the walk over connections', () => {
  test('a new connection stands in the ring once', () => {
    router.addService({ servers: [SERVER_1] });
    open(3);
    expect(cursor()).toEqual({ head: 3n, tail: 0n });
    expect(router.tables.connectionSlots.get(1)).toEqual({
      key: router.connection(number(1)).forward?.key,
      nonce: ((router.connection(number(1)).forward?.state ?? 0) & 0xffff0000) >>> 0,
      sequence: 2,
    });
  });

  test('deletes both halves of what has expired and counts it out', () => {
    const service = router.addService({ servers: [SERVER_1] });
    open(5);
    router.pass(100);
    expect(router.run('expire')).toBe(5);
    expect(router.halves).toBe(0);
    expect(waiting()).toBe(0);
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 0 });
    expect(router.happened('connection_expired')).toBe(5);
  });

  test('keeps what lives, in the ring too', () => {
    router.addService({ servers: [SERVER_1] });
    open(5);
    router.receive(number(2).request()); // established: 900 s
    router.pass(100);
    expect(router.run('expire')).toBe(4);
    expect(router.halves).toBe(2);
    expect(waiting()).toBe(1);
    expect(router.receive(number(2).request())).toEqual(forwarded(PRIVATE, number(2).forwarded()));
    router.pass(1000);
    expect(router.run('expire')).toBe(1);
    expect(router.halves).toBe(0);
  });

  test('keeps what only its replies keep alive', () => {
    router.addService({ servers: [SERVER_1] });
    open(1);
    router.receive(number(0).request());
    router.pass(600);
    router.receiveReply(number(0).reply());
    router.pass(600);
    expect(router.run('expire')).toBe(0);
    expect(router.halves).toBe(2);
  });

  test('takes a slice at a time and comes round to all', () => {
    router.addService({ servers: [SERVER_1] });
    open(3 * SLICE);
    router.pass(100);
    expect([router.run('expire'), router.run('expire'), router.run('expire'), router.run('expire')]).toEqual([
      SLICE,
      SLICE,
      SLICE,
      0,
    ]);
    expect(router.halves).toBe(0);
  });

  test('forgets the slots of connections that ended before', () => {
    router.addService({ servers: [SERVER_1] });
    open(4);
    router.receive(number(1).request({ flags: 'F' }));
    router.pass(200);
    const late = number(1).request();
    expect(router.receive(late)).toEqual(passed('not_new', late)); // deletes it
    // slots made free: who deletes much has much to do, and comes again at once
    expect(router.run('expire')).toBe(4);
    expect(router.happened('connection_expired')).toBe(4);
    expect(waiting()).toBe(0);
  });

  test('does not take the slot of an earlier connection for a later one of the same addresses', () => {
    router.addService({ servers: [SERVER_1] });
    open(1);
    putInto(router, number(0), 'time_wait');
    open(1);
    expect(router.happened('connection_reused')).toBe(1);
    expect(waiting()).toBe(2);
    router.run('expire');
    expect(waiting()).toBe(1);
    expect(router.halves).toBe(2);
  });

  test('removes a forward half that lost its reply half', () => {
    const service = router.addService({ servers: [SERVER_1] });
    open(1);
    router.tables.connections.delete(router.connection(number(0)).reply?.key as never);
    expect(router.run('expire')).toBe(1);
    expect(router.halves).toBe(0);
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 0 });
  });

  test('stops at a slot that is still being written', () => {
    router.addService({ servers: [SERVER_1] });
    open(3);
    const slot = router.tables.connectionSlots.get(1);
    if (slot) router.tables.connectionSlots.set(1, { ...slot, sequence: 0 });
    router.pass(100);
    expect(router.run('expire')).toBe(1);
    if (slot) router.tables.connectionSlots.set(1, slot);
    expect(router.run('expire')).toBe(2);
  });

  test.each([32, 40])('goes on when the ring’s position passes %i bits', (bits) => {
    router.addService({ servers: [SERVER_1] });
    const start = 2n ** BigInt(bits) - 2n;
    router.tables.ringCursors.set(CONNECTION_RING, { head: start, tail: start });
    open(5);
    router.receive(number(4).request());
    router.pass(100);
    expect(router.run('expire')).toBe(4);
    expect(waiting()).toBe(1);
    expect(cursor().tail).toBeGreaterThan(start + 4n);
    expect(router.halves).toBe(2);
  });
});

describe('the next slice', () => {
  const delay = (removed: number): number => {
    const frame = new Uint8Array(64);
    new DataView(frame.buffer).setUint32(0, removed, true);
    return router.run('slice_delay', frame);
  };

  test.each([
    ['an empty ring', 0, 0, 250_000],
    ['a full round of 64 slices', 64 * SLICE - SLICE, 0, 125_000],
    ['a million connections', 1_000_000, 0, 1_023],
    ['much was deleted', 0, 33, 20],
    ['a little was deleted', 0, 32, 250_000],
  ])('%s', (_, connections, removed, microseconds) => {
    router.tables.ringCursors.set(CONNECTION_RING, { head: BigInt(connections), tail: 0n });
    expect(delay(removed)).toBe(microseconds);
  });
});
