// SPDX-License-Identifier: MIT
// bpf/expiry.h: the walk over connections, and how soon the next slice comes. The rings themselves are in ring.test.ts.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { CONNECTION_RING } from './family.ts';
import { forwarded, passed } from './outcome.ts';
import { at, CLIENT, PRIVATE, SERVER_1 } from './roles.ts';
import { Router, SLICE } from './router.ts';
import { putInto } from './states.ts';

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
    open(3 * SLICE.connections);
    router.pass(100);
    expect([router.run('expire'), router.run('expire'), router.run('expire'), router.run('expire')]).toEqual([
      SLICE.connections,
      SLICE.connections,
      SLICE.connections,
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
    expect(router.run('expire')).toBe(3);
    expect(router.happened('connection_expired')).toBe(4);
    expect(waiting()).toBe(0);
  });

  test('counts them as work to be done at once while the ring is more than half full', () => {
    router.addService({ servers: [SERVER_1] });
    open(4);
    for (let i = 0; i < 4; i++) router.tables.connections.delete(router.connection(number(i)).forward?.key as never);
    router.set({ connectionRingMasks: [7, 7] });
    expect(router.run('expire')).toBe(4);
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
});

describe('the next slice', () => {
  const delay = (removed: number): number => {
    const frame = new Uint8Array(64);
    new DataView(frame.buffer).setUint32(0, removed, true);
    return router.run('slice_delay', frame);
  };

  test.each([
    ['an empty ring', 0, 0, 250_000],
    ['a full round of 64 slices', 63 * SLICE.connections, 0, 125_000],
    ['a million connections', 1_000_000, 0, 255],
    ['much was deleted', 0, 9, 20],
    ['a little was deleted', 0, 8, 250_000],
  ])('%s', (_, connections, removed, microseconds) => {
    router.tables.ringCursors.set(CONNECTION_RING, { head: BigInt(connections), tail: 0n });
    expect(delay(removed)).toBe(microseconds);
  });
});
