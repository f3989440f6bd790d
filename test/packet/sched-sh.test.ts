// SPDX-License-Identifier: MIT
// bpf/sched_sh.h: the client's address picks the server. The slots are those of IPVS's hash.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';
import { chosen, freshPort } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

function from(address: string): string {
  router.route({ address, port: 0 });
  return chosen(router, { address, port: freshPort() });
}

/** From a hash written for IPVS's migration, and seen on a live kernel. */
test.each([
  ['10.0.0.100', 248],
  ['10.0.0.101', 90],
  ['10.0.0.102', 187],
  ['10.0.0.10', 151],
  ['192.0.2.1', 50],
  ['198.51.100.7', 171],
  ['0.0.0.0', 0],
  ['255.255.255.255', 158],
])('client %s falls into slot %i', (client, slot) => {
  const service = router.addService({ scheduler: 'sh', servers: [SERVER_1, SERVER_2] });
  const elsewhere = { server: service.slot(SERVER_1), weight: 1 };
  const slots = Array.from({ length: 256 }, () => elsewhere);
  slots[slot] = { server: service.slot(SERVER_2), weight: 1 };
  router.tables.hashTables.set(service.id, { slots });
  expect(from(client)).toBe('2');
});

test('two servers of weight 1 get the clients they get in IPVS', () => {
  router.addService({ scheduler: 'sh', servers: [SERVER_1, SERVER_2] });
  expect(['10.0.0.100', '10.0.0.101', '10.0.0.102'].map(from)).toEqual(['2', '2', '1']);
});

test('a client keeps its server, whatever its port', () => {
  router.addService({ scheduler: 'sh', servers: [SERVER_1, SERVER_2] });
  const all = Array.from({ length: 20 }, () => from('198.51.100.7'));
  expect(new Set(all).size).toBe(1);
});

test('clients of a server of weight 0 are refused, the others keep theirs', () => {
  const service = router.addService({ scheduler: 'sh', servers: [SERVER_1, SERVER_2] });
  service.setWeight(SERVER_1, 0);
  expect(['10.0.0.100', '10.0.0.101', '10.0.0.102'].map(from)).toEqual(['2', '2', 'none']);
});
