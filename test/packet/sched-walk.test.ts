// SPDX-License-Identifier: MIT
// bpf/sched_walk.h: a walk comes by every member, and what it takes along. The measure of load is in sched-lc.test.ts.
// And of bpf/unknown.h all there is to test: it is for the verifier of kernels before 6.7 alone, where walks go wrong without it,
// these and expiry's (expiry.test.ts). `make test-vm` runs packet tests there.
import { describe, expect, test } from 'vitest';
import { freshRouter } from './conntrack-fixture.ts';
import { CLIENT, type Endpoint, PRIVATE, SERVER_1, SERVER_2, SERVER_3 } from './roles.ts';
import { choices, chosen, loads } from './scheduling.ts';

const router = freshRouter();
const WALKERS = ['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'fo', 'ovf', 'twos', 'lblc', 'lblcr'] as const;
const server = (n: number): Endpoint => ({ ...SERVER_1, address: `10.0.0.${n}` });

/** Servers 1 to `count` with this weight each; the walk comes by the last one first, by 1 at its end. */
function serve(scheduler: (typeof WALKERS)[number], count: number, weightOf: (n: number) => number) {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  for (const n of numbers) router.route(server(n), { device: PRIVATE });
  return router.addService({ scheduler, servers: numbers.map((n) => ({ at: server(n), weight: weightOf(n) })) });
}

describe.each(WALKERS)('%s', (scheduler) => {
  // around the strides of eight
  test.each([1, 2, 7, 8, 9, 16, 17, 64])('finds the only one that takes connections, be it any of %i', (count) => {
    const placed = [...new Set([1, 2, Math.ceil(count / 2), count])].filter((n) => n <= count);
    for (const only of placed) {
      router.reset();
      serve(scheduler, count, (n) => (n === only ? 100 : 0));
      expect(choices(router, 2)).toBe(`${only} ${only}`);
    }
  });

  test('finds nobody where all are quiesced, whoever it took before', () => {
    const service = serve(scheduler, 3, () => 9);
    expect(choices(router, 1)).toMatch(/^[123]$/);
    for (const one of [SERVER_1, SERVER_2, SERVER_3]) service.setWeight(one, 0);
    expect(chosen(router, CLIENT)).toBe('none');
  });

  test('looks no further than its own service’s members', () => {
    serve(scheduler, 1, () => 9);
    const service = router.addService({ scheduler, at: { address: '192.0.2.11', port: 80 }, servers: [SERVER_2] });
    loads(router, service, [[SERVER_2, 0, 0]]);
    expect(choices(router, 3)).toBe('1 1 1');
  });
});

describe.each(['lc', 'wlc', 'lblc', 'lblcr'] as const)('%s by load', (scheduler) => {
  test('finds the idlest wherever it stands', () => {
    for (let idle = 1; idle <= 17; idle++) {
      router.reset();
      const service = serve(scheduler, 17, () => 1);
      loads(
        router,
        service,
        Array.from({ length: 17 }, (_, i) => [server(i + 1), i + 1 === idle ? 1 : 2, 0]),
      );
      expect(choices(router, 1)).toBe(String(idle));
    }
  });
});
