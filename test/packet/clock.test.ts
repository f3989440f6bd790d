// SPDX-License-Identifier: MIT
// bpf/clock.h: time goes by, wraps, and another CPU's may be a little ahead.
import { describe, expect, test } from 'vitest';
import { establish, freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { forwarded, passed } from './outcome.ts';
import { PRIVATE, SERVER_1, SERVER_2 } from './roles.ts';
import { ticks } from './router.ts';

const router = freshRouter();
const f = frames();
const WRAP = 2 ** 32;

/** A connection made at this tick, 0 .. 2^32 - 1. */
function madeAt(tick: number): void {
  router.passTicks(tick - router.now);
  router.addService({ servers: [SERVER_1] });
  establish(router, f);
}

describe('a stamp of another CPU that is ahead', () => {
  test.each([1, 4, 1000])('by %i ticks is of now: nothing has expired', (ahead) => {
    madeAt(5_000_000);
    router.passTicks(-ahead);
    expect(router.receive(f.request({ flags: 'FA' }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'FA' })));
    expect(router.state(f)).toBe('close_wait');
  });

  test('does not end a persistence entry either', () => {
    router.addService({ scheduler: 'rr', persistence: { ticks: 100 }, servers: [SERVER_1, SERVER_2] });
    const one = router.receive(f.request(syn));
    router.passTicks(-2);
    const again = frames({ client: { ...f.client, port: 41_000 } });
    expect(router.receive(again.request(syn)).device).toBe(one.device);
    expect(router.happened('persistence_created')).toBe(1);
  });
});

describe('when 32 bits of ticks are over', () => {
  test('a connection lives on', () => {
    madeAt(WRAP - 10);
    router.passTicks(20);
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
    expect(router.connection(f).forward?.lastSeen).toBe(10);
  });

  test('and ends when its time is over', () => {
    madeAt(WRAP - 10);
    router.passTicks(ticks(900) + 20);
    expect(router.receive(f.request())).toEqual(passed('not_new', f.request()));
  });
});
