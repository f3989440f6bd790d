// SPDX-License-Identifier: MIT
// bpf/sched_fo.h: all to the heaviest server, and to the next when that one takes no more.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { SERVER_1, SERVER_2, SERVER_3 } from './roles.ts';
import { Router } from './router.ts';
import { choices } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const all = [SERVER_1, SERVER_2, SERVER_3];
const weighted = (...weights: number[]) => all.map((at, i) => ({ at, weight: weights[i] as number }));

test.each([
  [[1, 2, 1], '2 2 2'],
  [[2, 2, 1], '2 2 2'],
  [[2, 1, 2], '3 3 3'],
  [[1, 0, 0], '1 1 1'],
  [[0x7fffffff, 1, 1], '1 1 1'],
])('weights %j', (weights, expected) => {
  router.addService({ scheduler: 'fo', servers: weighted(...weights) });
  expect(choices(router, 3)).toBe(expected);
});

test('a quiesced server hands over to the next, and takes over again', () => {
  const service = router.addService({ scheduler: 'fo', servers: weighted(3, 2, 1) });
  expect(choices(router, 2)).toBe('1 1');
  service.setWeight(SERVER_1, 0);
  expect(choices(router, 2)).toBe('2 2');
  service.setWeight(SERVER_1, 3);
  expect(choices(router, 2)).toBe('1 1');
});
