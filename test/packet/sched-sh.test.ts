// SPDX-License-Identifier: MIT
// bpf/sched_sh.h: the client's address picks the server. The slots are those of IPVS's hash.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';
import { chosen, freshPort } from './scheduling.ts';
import type { ServiceFixture } from './service-fixture.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

function from(address: string, port = freshPort()): string {
  router.route({ address, port: 0 });
  return chosen(router, { address, port });
}

/** A table where one slot is the second server's, all others the first's. */
function only(service: ServiceFixture, slot: number, weights: [number, number] = [1, 1]): void {
  const slots = Array.from({ length: 256 }, () => ({ server: service.slot(SERVER_1), weight: weights[0] }));
  slots[slot] = { server: service.slot(SERVER_2), weight: weights[1] };
  router.tables.hashTables.set(service.id, { slots });
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
  only(service, slot);
  expect(from(client)).toBe('2');
});

test('two servers of weight 1 get the clients they get in IPVS', () => {
  router.addService({ scheduler: 'sh', servers: [SERVER_1, SERVER_2] });
  expect(['10.0.0.100', '10.0.0.101', '10.0.0.102'].map((client) => from(client))).toEqual(['2', '2', '1']);
});

test('a client keeps its server, whatever its port', () => {
  router.addService({ scheduler: 'sh', servers: [SERVER_1, SERVER_2] });
  const all = Array.from({ length: 20 }, () => from('198.51.100.7'));
  expect(new Set(all).size).toBe(1);
});

test('clients of a server of weight 0 are refused, the others keep theirs', () => {
  const service = router.addService({ scheduler: 'sh', servers: [SERVER_1, SERVER_2] });
  service.setWeight(SERVER_1, 0);
  expect(['10.0.0.100', '10.0.0.101', '10.0.0.102'].map((client) => from(client))).toEqual(['2', '2', 'none']);
});

test.each([
  ['10.0.0.100', 1024, 26],
  ['10.0.0.100', 40000, 156],
  ['255.255.255.255', 65535, 194],
])('with sh-port client %s:%i falls into slot %i', (client, port, slot) => {
  const service = router.addService({ scheduler: 'sh', flags: ['sh-port'], servers: [SERVER_1, SERVER_2] });
  only(service, slot);
  expect(from(client, port)).toBe('2');
});

test.each([0, 239, 240, 241])(
  'with sh-fallback a refused client goes on from twice its slot, 248: to slot %i',
  (slot) => {
    const service = router.addService({ scheduler: 'sh', flags: ['sh-fallback'], servers: [SERVER_1, SERVER_2] });
    only(service, slot, [0, 1]);
    expect(from('10.0.0.100')).toBe('2');
  },
);

test('with sh-fallback the first slot of the search wins', () => {
  const service = router.addService({ scheduler: 'sh', flags: ['sh-fallback'], servers: [SERVER_1, SERVER_2] });
  const slots = Array.from({ length: 256 }, () => ({ server: service.slot(SERVER_1), weight: 1 }));
  slots[248] = { server: service.slot(SERVER_1), weight: 0 };
  slots[240] = { server: service.slot(SERVER_2), weight: 1 };
  router.tables.hashTables.set(service.id, { slots });
  expect(from('10.0.0.100')).toBe('2');
});

test('with sh-fallback nobody is refused as long as one server takes connections', () => {
  const service = router.addService({ scheduler: 'sh', flags: ['sh-fallback'], servers: [SERVER_1, SERVER_2] });
  service.setWeight(SERVER_1, 0);
  expect(['10.0.0.100', '10.0.0.101', '10.0.0.102'].map((client) => from(client))).toEqual(['2', '2', '2']);
  service.setWeight(SERVER_2, 0);
  expect(from('10.0.0.100')).toBe('none');
});
