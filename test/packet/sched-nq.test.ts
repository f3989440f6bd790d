// SPDX-License-Identifier: MIT
// bpf/sched_nq.h: whoever is idle, else as sed, against a sequence seen on a live kernel's IPVS.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { CLIENT, SERVER_1, SERVER_2, SERVER_3 } from './roles.ts';
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
  router.addService({ scheduler: 'nq', servers: pair(3, 1) });
  expect(choices(router, 8)).toBe('2 1 1 1 1 1 2 1');
});

test('an idle server is taken before a heavier one, the newest first', () => {
  const servers = [...pair(1, 1), { at: SERVER_3, weight: 1000 }];
  const service = router.addService({ scheduler: 'nq', servers });
  loads(router, service, [[SERVER_3, 1, 0]]);
  expect(choices(router, 3)).toBe('2 1 3');
});

test('inactive connections do not make a server busy', () => {
  const service = router.addService({ scheduler: 'nq', servers: pair(1, 1) });
  loads(router, service, [
    [SERVER_1, 0, 50],
    [SERVER_2, 1, 0],
  ]);
  expect(chosen(router, CLIENT)).toBe('1');
});

test('an idle server of weight 0 is passed over', () => {
  const service = router.addService({ scheduler: 'nq', servers: pair(1, 0) });
  loads(router, service, [[SERVER_1, 5, 0]]);
  expect(chosen(router, CLIENT)).toBe('1');
});
