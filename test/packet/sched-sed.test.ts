// SPDX-License-Identifier: MIT
// bpf/sched_sed.h: the shortest expected delay, against a sequence seen on a live kernel's IPVS.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { CLIENT, SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';
import { choices, chosen, loads } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const pair = (one: number, two: number) => [
  { at: SERVER_1, weight: one },
  { at: SERVER_2, weight: two },
];

test('weights 3 and 1 with connections that stay: as in IPVS', () => {
  router.addService({ scheduler: 'sed', servers: pair(3, 1) });
  expect(choices(router, 8)).toBe('1 1 2 1 1 1 2 1');
});

test.each([
  ['the heavier of two idle servers', [0, 0], 2, [0, 0], 1, '1'],
  ['equal delay: the newer', [1, 0], 2, [0, 0], 1, '2'],
  ['inactive connections do not count', [0, 9], 1, [1, 0], 1, '1'],
  ['32 bits are not enough for the product', [0xffff, 0], 0x10001, [0x10000, 0], 0x10002, '1'],
] as [string, [number, number], number, [number, number], number, string][])(
  '%s',
  (_, one, weight1, two, weight2, choice) => {
    const service = router.addService({ scheduler: 'sed', servers: pair(weight1, weight2) });
    loads(router, service, [
      [SERVER_1, ...one],
      [SERVER_2, ...two],
    ]);
    expect(chosen(router, CLIENT)).toBe(choice);
  },
);
