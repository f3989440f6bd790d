// SPDX-License-Identifier: MIT
// bpf/sched_rr.h against sequences seen on a live kernel's IPVS.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { SERVER_1, SERVER_2, SERVER_3 } from './roles.ts';
import { Router } from './router.ts';
import { choices } from './scheduling.ts';

const router = Router.open();
const all = [SERVER_1, SERVER_2, SERVER_3];
beforeEach(() => router.reset());
afterAll(() => router.close());

test('starts with the server added last and goes round', () => {
  router.addService({ scheduler: 'rr', servers: all });
  expect(choices(router, 8)).toBe('3 2 1 3 2 1 3 2');
});

test('passes over a server of weight 0, and knows no other weights', () => {
  const servers = [{ at: SERVER_1, weight: 9 }, { at: SERVER_2, weight: 0 }, SERVER_3];
  router.addService({ scheduler: 'rr', servers });
  expect(choices(router, 6)).toBe('3 1 3 1 3 1');
});

test('goes on behind the server used last when the list changes', () => {
  const service = router.addService({ scheduler: 'rr', servers: all });
  expect(choices(router, 2)).toBe('3 2');
  service.setWeight(SERVER_3, 5);
  expect(choices(router, 2)).toBe('1 3');
  service.setWeight(SERVER_2, 0);
  expect(choices(router, 3)).toBe('1 3 1');
});

test('starts anew when the server used last is not in the list', () => {
  const service = router.addService({ scheduler: 'rr', servers: all });
  expect(choices(router, 2)).toBe('3 2');
  service.remove(SERVER_2);
  expect(choices(router, 3)).toBe('3 1 3');
});
