// SPDX-License-Identifier: MIT
// bpf/expiry.h when the connection table is full: who gives way, in which order, and that nobody else does.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { at, CLIENT, SERVER_1, VIP } from './roles.ts';
import { Router, ticks } from './router.ts';
import type { ServiceFixture } from './service-fixture.ts';
import { putInto } from './states.ts';

const CAPACITY = 512;
/** Of one attempt; as many are freed at most. */
const ENOUGH = 16;
const HOPELESS_TRIES = 16;

const router = Router.open({ connections: 2 * CAPACITY, connectionRing: 2048 });
let service: ServiceFixture;
beforeEach(() => {
  router.reset();
  service = router.addService({ servers: [SERVER_1] });
});
afterAll(() => router.close());

const number = (i: number) => frames({ client: at(CLIENT, 1024 + i) });
const come = (i: number) => router.receive(number(i).request({ flags: 'S' })).action;
/** How many of so many newcomers get in. */
const admitted = (first: number, count: number): number =>
  Array.from({ length: count }, (_, i) => come(first + i)).filter((action) => action === 'forwarded').length;

/** The same of newcomers that complete their handshakes at once. */
const establish = (first: number, count: number): number =>
  Array.from({ length: count }, (_, i) => first + i).filter((i) => {
    return come(i) === 'forwarded' && router.receive(number(i).request()).action === 'forwarded';
  }).length;

/** A full table; `isEstablished` says which are established, the others stay half open. */
function fill(isEstablished: (i: number) => boolean): void {
  for (let i = 0; i < CAPACITY; i++) {
    expect(come(i)).toBe('forwarded');
    if (isEstablished(i)) router.receive(number(i).request());
  }
  expect(router.halves).toBe(2 * CAPACITY);
}

const inState = (state: string, count = CAPACITY): number[] =>
  Array.from({ length: count }, (_, i) => i).filter((i) => router.state(number(i)) === state);

/** Every connection that was made is still there or has ended in a way that is counted. */
function expectAllAccountedFor(): void {
  const ends = ['expired', 'reclaimed', 'reused', 'discarded', 'flushed'].map((how) =>
    router.happened(`connection_${how}`),
  );
  const ended = ends.reduce((sum, one) => sum + one, router.happened('closed_reclaimed'));
  expect(router.happened('connection_created') - ended).toBe(router.halves / 2);
  const { active = 0, inactive = 0 } = service.load(SERVER_1) ?? {};
  expect(active + inactive).toBe(router.halves / 2);
}

describe('a table full of half-open connections', () => {
  test('takes every newcomer in, ten times its size', () => {
    fill(() => false);
    expect(admitted(CAPACITY, 10 * CAPACITY)).toBe(10 * CAPACITY);
    expect(router.reasons).toEqual({});
    expect(router.happened('connection_reclaimed')).toBeGreaterThan(9.9 * CAPACITY);
    expectAllAccountedFor();
  });

  test('the oldest give way, a few at a time: who has come last has time for its handshake', () => {
    fill(() => false);
    expect(come(CAPACITY)).toBe('forwarded');
    expect(router.happened('connection_reclaimed')).toBe(ENOUGH);
    expect(inState('syn_recv')[0]).toBe(ENOUGH);
    expect(inState('syn_recv')).toHaveLength(CAPACITY - ENOUGH);
  });
});

describe('a table where others are among the half-open', () => {
  test.each([
    ['in front of them', (i: number) => i < CAPACITY / 2],
    ['behind them', (i: number) => i >= CAPACITY / 2],
    ['one between each two', (i: number) => i % 2 === 0],
    ['and only one of sixteen is half open', (i: number) => i % 16 !== 5],
  ])('%s: they all stay, through ten times the table’s size', (_, isEstablished) => {
    fill(isEstablished);
    const established = inState('established');
    expect(admitted(CAPACITY, 10 * CAPACITY)).toBe(10 * CAPACITY);
    expect(inState('established')).toEqual(established);
    for (const i of established) expect(router.receive(number(i).request()).action).toBe('forwarded');
    expectAllAccountedFor();
  });

  test('a handshake that ends while others give way is safe from then on', () => {
    fill(() => false);
    for (let i = 0; i < 50; i++) {
      expect(come(CAPACITY + i)).toBe('forwarded');
      expect(router.receive(number(CAPACITY + i).request()).action).toBe('forwarded');
    }
    expect(admitted(2 * CAPACITY, 10 * CAPACITY)).toBe(10 * CAPACITY);
    expect(inState('established', 2 * CAPACITY)).toHaveLength(50);
  });
});

describe('a connection that a SYN has opened again, first in the ring', () => {
  const SECURE = at(VIP, 443);
  const early = frames({ client: at(CLIENT, 900), vip: SECURE });

  function reopen(): void {
    router.receive(early.request({ flags: 'S' }));
    putInto(router, early, 'time_wait');
    for (let i = 0; i < CAPACITY - 1; i++) expect(come(i)).toBe('forwarded');
    router.pass(20);
    expect(router.receive(early.request({ flags: 'S' })).action).toBe('forwarded');
    expect(router.state(early)).toBe('syn_recv');
  }

  test.each([
    ['persistence controls it', { persistence: { ticks: ticks(300) } }, 1],
    ['conn_reuse_mode is 0', {}, 0],
  ])('has time for its handshake, as any other that has just come: %s', (_, options, connReuseMode) => {
    router.addService({ at: SECURE, servers: [SERVER_1], ...options });
    router.set({ connReuseMode });
    reopen();
    expect(come(CAPACITY)).toBe('forwarded');
    expect(router.happened('connection_reclaimed')).toBe(ENOUGH);
    expect(router.receive(early.request()).action).toBe('forwarded');
    expect(router.state(early)).toBe('established');
  });

  test('gives way when nothing has come of it', () => {
    router.addService({ at: SECURE, servers: [SERVER_1], persistence: { ticks: ticks(300) } });
    reopen();
    router.pass(3);
    expect(come(CAPACITY)).toBe('forwarded');
    expect(router.state(early)).toBeUndefined();
  });

  test('a flood of a persistent service gives way all the same, however fast it comes', () => {
    router.reset();
    service = router.addService({ servers: [SERVER_1], persistence: { ticks: ticks(300) } });
    fill(() => false);
    expect(admitted(CAPACITY, 2 * CAPACITY)).toBe(2 * CAPACITY);
  });
});

describe('a table full of established connections', () => {
  const HOPELESS = 2 * CAPACITY;

  test('refuses newcomers, counts them, and keeps all it has', () => {
    fill(() => true);
    expect(admitted(CAPACITY, HOPELESS)).toBe(0);
    expect(router.reasons).toEqual({ table_full: HOPELESS });
    expect(inState('established')).toHaveLength(CAPACITY);
    expectAllAccountedFor();
  });

  test('does no more work for most of them once a round has found nothing', () => {
    fill(() => true);
    admitted(CAPACITY, HOPELESS);
    const asked = router.question.asked;
    admitted(CAPACITY, HOPELESS);
    expect(router.question.asked - asked).toBeLessThan((8 * HOPELESS) / HOPELESS_TRIES);
  });

  test('takes newcomers again as soon as the timer has made room', () => {
    fill(() => true);
    admitted(CAPACITY, HOPELESS);
    for (let i = 0; i < 40; i++) router.receive(number(i).request({ flags: 'R' }));
    router.pass(20);
    router.goRound(CAPACITY);
    expect(admitted(CAPACITY, 40)).toBe(40);
  });

  test('closed ones give way when they are quiet, after the half-open', () => {
    fill((i) => i % 64 !== 0);
    for (let i = 1; i < CAPACITY; i += 2) {
      router.receive(number(i).request({ flags: 'FA' }));
      router.receiveReply(number(i).reply({ flags: 'FA' }));
    }
    expect(inState('time_wait')).toHaveLength(CAPACITY / 2);
    expect(establish(CAPACITY, 64)).toBe(8);
    expect(router.happened('closed_reclaimed')).toBe(0);
    router.pass(3);
    for (const i of inState('established')) router.receive(number(i).request());
    // the one of some that looks again finds them; from then on all do
    expect(establish(2 * CAPACITY, CAPACITY)).toBeGreaterThan(CAPACITY / 2 - 2 * HOPELESS_TRIES);
    expect(router.happened('closed_reclaimed')).toBe(CAPACITY / 2);
    expect(inState('established')).toHaveLength(CAPACITY / 2 - 8);
    expectAllAccountedFor();
  });
});
