// SPDX-License-Identifier: MIT
// bpf/sched_dh.h: the service's address picks the server. The slots are those of IPVS's hash.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { CLIENT, SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';
import { chosen, freshPort } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const via = (vip: string): string => chosen(router, { ...CLIENT, port: freshPort() }, { address: vip, port: 80 });

/** From a hash written for IPVS's migration, and seen on a live kernel. */
test.each([
  ['10.0.0.100', 248],
  ['10.0.0.101', 90],
  ['10.0.0.102', 187],
  ['10.0.0.10', 151],
  ['192.0.2.1', 50],
])('service address %s falls into slot %i', (address, slot) => {
  const service = router.addService({ at: { address, port: 80 }, scheduler: 'dh', servers: [SERVER_1, SERVER_2] });
  const elsewhere = { server: service.slot(SERVER_1), weight: 1 };
  const slots = Array.from({ length: 256 }, () => elsewhere);
  slots[slot] = { server: service.slot(SERVER_2), weight: 1 };
  router.tables.hashTables.set(service.id, { slots });
  expect(via(address)).toBe('2');
});

test('the server a live kernel chose: one for all clients, whatever the weights', () => {
  const at = { address: '10.0.0.10', port: 80 };
  const servers = [
    { at: SERVER_1, weight: 1 },
    { at: SERVER_2, weight: 100 },
  ];
  router.addService({ at, scheduler: 'dh', servers });
  expect([1, 2, 3].map(() => via(at.address))).toEqual(['1', '1', '1']);
});

test('a server of weight 0 refuses: there is no fallback', () => {
  const at = { address: '10.0.0.10', port: 80 };
  const service = router.addService({ at, scheduler: 'dh', servers: [SERVER_1, SERVER_2] });
  service.setWeight(SERVER_1, 0);
  expect(via(at.address)).toBe('none');
});
