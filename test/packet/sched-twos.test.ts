// SPDX-License-Identifier: MIT
// bpf/sched_twos.h: the better of two draws. Shares of many draws; the bounds are many standard deviations away.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';
import { chosen, freshPort, loads } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

import type { Endpoint } from './roles.ts';

const pair = (one: number, two: number) => [
  { at: SERVER_1, weight: one },
  { at: SERVER_2, weight: two },
];

const DRAWS = 1200;
const client = (): Endpoint => ({ address: '198.51.100.7', port: freshPort() });

/** How many of the draws fell on the first server, with the loads put back before each. */
function firstOf(weights: [number, number], one: number, two: number): number {
  router.route(client());
  const service = router.addService({ scheduler: 'twos', servers: pair(...weights) });
  let count = 0;
  for (let i = 0; i < DRAWS; i++) {
    loads(router, service, [
      [SERVER_1, one, 0],
      [SERVER_2, two, 0],
    ]);
    if (chosen(router, client()) === '1') count++;
  }
  return count;
}

/** A draw is 0, 1 or 2 of weights 1 and 1: 0 and 1 fall on the newer server, the head of the list. */
test('the loaded server only when both draws fall on it', () => {
  const share = firstOf([1, 1], 50, 0) / DRAWS;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.18);
});

test('the head of the list has the draw of 0, too', () => {
  const share = firstOf([1, 1], 0, 50) / DRAWS;
  expect(share).toBeGreaterThan(0.47);
  expect(share).toBeLessThan(0.64);
});

test('a heavier server is drawn more often', () => {
  const share = firstOf([9, 1], 50, 0) / DRAWS;
  expect(share).toBeGreaterThan(0.55);
  expect(share).toBeLessThan(0.78);
});

test('load counts by weight', () => {
  expect(firstOf([100, 1], 10, 1) / DRAWS).toBeGreaterThan(0.95);
});
