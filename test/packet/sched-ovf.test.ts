// SPDX-License-Identifier: MIT
// bpf/sched_ovf.h: the heaviest server until it overflows, against what a live kernel's IPVS did.
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

test('weights 2 and 3 with connections that stay: as in IPVS', () => {
  router.addService({ scheduler: 'ovf', servers: pair(2, 3) });
  expect(choices(router, 8)).toBe('2 2 2 2 1 1 1 none');
});

test('equal weights: the newer first', () => {
  router.addService({ scheduler: 'ovf', servers: pair(1, 1) });
  expect(choices(router, 5)).toBe('2 2 1 1 none');
});

test('inactive connections do not fill a server', () => {
  const service = router.addService({ scheduler: 'ovf', servers: pair(1, 2) });
  loads(router, service, [[SERVER_2, 2, 1000]]);
  expect(chosen(router, CLIENT)).toBe('2');
});

test('with one server takes it until it is full', () => {
  router.addService({ scheduler: 'ovf', servers: [{ at: SERVER_2, weight: 4 }] });
  expect(choices(router, 6)).toBe('2 2 2 2 2 none');
});

test('with all weights 0 refuses', () => {
  router.addService({ scheduler: 'ovf', servers: pair(0, 0) });
  expect(chosen(router, CLIENT)).toBe('none');
});
