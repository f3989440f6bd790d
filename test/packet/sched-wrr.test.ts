// SPDX-License-Identifier: MIT
// bpf/sched_wrr.h against sequences seen on a live kernel's IPVS, and against its definition.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { random } from './random.ts';
import { at, SERVER_1, SERVER_2, SERVER_3 } from './roles.ts';
import { Router } from './router.ts';
import { choices } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const weighted = (weights: readonly number[]) =>
  weights.map((weight, i) => ({ at: { ...SERVER_1, address: `10.0.0.${i + 1}` }, weight }));

test.each([
  [[4, 3, 2], '3 2 1 1 2 1 3 2 1 3 2 1 1 2 1 3 2 1'],
  [[3, 1, 0], '2 1 1 1 2 1 1 1'],
])('servers added with weights %j take turns as in IPVS', (weights, sequence) => {
  router.addService({ scheduler: 'wrr', servers: weighted(weights) });
  expect(choices(router, sequence.split(' ').length)).toBe(sequence);
});

test('over a round, every server gets its weight over the greatest common divisor', () => {
  const r = random(4711);
  for (let round = 0; round < 30; round++) {
    router.reset();
    const step = 1 + r.below(50);
    const shares = Array.from({ length: 1 + r.below(6) }, () => r.below(6));
    shares[0] = 1; // keeps `step` the divisor
    shares.forEach((_, i) => {
      router.route(at({ ...SERVER_1, address: `10.0.0.${i + 1}` }, 80), { device: 12 });
    });
    router.addService({ scheduler: 'wrr', servers: weighted(shares.map((share) => share * step)) });
    const total = shares.reduce((a, b) => a + b);
    choices(router, total); // the first round may begin anywhere
    const counted = choices(router, total).split(' ');
    expect(
      shares.map((_, i) => counted.filter((n) => n === String(i + 1)).length),
      `round ${round}`,
    ).toEqual(shares);
  }
});

test('a weight that is set to 0 ends its turns, the others go on', () => {
  const servers = [SERVER_1, SERVER_2, SERVER_3].map((server) => ({ at: server, weight: 1 }));
  const service = router.addService({ scheduler: 'wrr', servers });
  expect(choices(router, 2)).toBe('3 2');
  service.setWeight(SERVER_1, 0);
  expect(choices(router, 4)).toBe('3 2 3 2');
});

test('the largest weight IPVS takes is a weight like others', () => {
  const servers = [
    { at: SERVER_1, weight: 0x7fffffff },
    { at: SERVER_2, weight: 0x7fffffff },
  ];
  router.addService({ scheduler: 'wrr', servers });
  expect(choices(router, 4)).toBe('2 1 2 1');
});
