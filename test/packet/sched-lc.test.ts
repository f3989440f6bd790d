// SPDX-License-Identifier: MIT
// bpf/sched_lc.h: the least loaded server, in IPVS's measure: an active connection weighs 257, an inactive one 1.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { CLIENT, SERVER_1, SERVER_2, SERVER_3 } from './roles.ts';
import { Router } from './router.ts';
import { choices, chosen, loads } from './scheduling.ts';

const router = Router.open();
const all = [SERVER_1, SERVER_2, SERVER_3];
beforeEach(() => router.reset());
afterAll(() => router.close());

test('spreads connections that stay', () => {
  router.addService({ scheduler: 'lc', servers: all });
  expect(choices(router, 7)).toBe('3 2 1 3 2 1 3');
});

test.each([
  ['nobody has any: the newest', [0, 0], [0, 0], [0, 0], '3'],
  ['a tie: the newer', [1, 0], [1, 0], [2, 0], '2'],
  ['fewest active', [3, 0], [2, 9], [3, 0], '2'],
  ['equal active, fewest inactive', [1, 4], [1, 5], [1, 6], '1'],
  ['256 inactive are less than one active', [1, 0], [0, 256], [1, 0], '2'],
  ['257 inactive are as much as one active', [1, 0], [0, 257], [9, 0], '2'],
  ['258 inactive are more than one active', [1, 0], [0, 258], [9, 0], '1'],
] as [string, [number, number], [number, number], [number, number], string][])('%s', (_, one, two, three, choice) => {
  const service = router.addService({ scheduler: 'lc', servers: all });
  loads(router, service, [
    [SERVER_1, ...one],
    [SERVER_2, ...two],
    [SERVER_3, ...three],
  ]);
  expect(chosen(router, CLIENT)).toBe(choice);
});

test('weights other than 0 mean nothing', () => {
  const servers = all.map((server, i) => ({ at: server, weight: [100, 1, 1][i] as number }));
  router.addService({ scheduler: 'lc', servers });
  expect(choices(router, 6)).toBe('3 2 1 3 2 1');
});
