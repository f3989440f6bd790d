// SPDX-License-Identifier: MIT
// bpf/sched_wlc.h: the least load per weight, against a sequence seen on a live kernel's IPVS.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { CLIENT, macOf, PRIVATE, PRIVATE_MAC, SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';
import { choices, chosen, freshPort, loads } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const pair = (one: number, two: number) => [
  { at: SERVER_1, weight: one },
  { at: SERVER_2, weight: two },
];

test('weights 3 and 1 with connections that stay: as in IPVS', () => {
  router.addService({ scheduler: 'wlc', servers: pair(3, 1) });
  expect(choices(router, 9)).toBe('2 1 1 1 2 1 1 1 2');
});

test('is the scheduler of a service that names none', () => {
  router.addService({ servers: pair(3, 1) });
  expect(choices(router, 4)).toBe('2 1 1 1');
});

test.each([
  ['equal load per weight: the newer', [2, 0], 2, [1, 0], 1, '2'],
  ['a little less per weight', [2, 0], 3, [1, 0], 1, '1'],
  ['inactive connections count a little', [1, 1], 1, [1, 0], 1, '2'],
  ['nothing at all beats every weight', [0, 0], 1, [1, 0], 1000, '1'],
  ['large counts and weights do not overflow', [2000000, 0], 0x7fffffff, [2000000, 1], 0x7fffffff, '1'],
  ['32 bits are not enough for the product', [0xffff, 0], 0x10000, [0x10000, 0], 0x10001, '1'],
] as [string, [number, number], number, [number, number], number, string][])(
  '%s',
  (_, [active1, inactive1], weight1, [active2, inactive2], weight2, choice) => {
    const service = router.addService({ scheduler: 'wlc', servers: pair(weight1, weight2) });
    loads(router, service, [
      [SERVER_1, active1, inactive1],
      [SERVER_2, active2, inactive2],
    ]);
    expect(chosen(router, CLIENT)).toBe(choice);
  },
);

test.each([7, 8, 9, 16, 17])('of %i servers the least loaded is found wherever it stands', (count) => {
  const servers = Array.from({ length: count }, (_, i) => ({ address: `10.0.0.${i + 1}`, port: 80 }));
  for (const server of servers)
    router.route(server, { device: PRIVATE, hop: { source: PRIVATE_MAC, destination: macOf(server) } });
  const service = router.addService({ scheduler: 'wlc', servers });
  for (const [idle, { address }] of servers.entries()) {
    loads(
      router,
      service,
      servers.map((server, i) => [server, i === idle ? 1 : 2, 0]),
    );
    expect(chosen(router, { ...CLIENT, port: freshPort() })).toBe(address.split('.')[3]);
  }
});
