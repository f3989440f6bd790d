// SPDX-License-Identifier: MIT
// bpf/sched_mh.h: Maglev hashing. The slots are those of IPVS's hash.
import { afterAll, beforeEach, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { hsiphash } from '../../src/dataplane/mh-table.ts';
import { addressNumber } from './family.ts';
import { SERVER_1, SERVER_2, SERVER_3 } from './roles.ts';
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
function only(service: ServiceFixture, slot: number): void {
  const servers = Array.from({ length: abi.LIMIT_MH_SLOTS }, () => service.slot(SERVER_1));
  servers[slot] = service.slot(SERVER_2);
  router.tables.mhTables.set(service.id, { servers });
}

const slotOf = (value: number): number => hsiphash(value, 2654435761n) % abi.LIMIT_MH_SLOTS;

test.each([
  ['10.0.0.100', 2632],
  ['10.0.0.101', 3746],
  ['10.0.0.102', 735],
  ['192.0.2.1', 2891],
  ['198.51.100.7', 924],
])('client %s falls into slot %i', (client, slot) => {
  const service = router.addService({ scheduler: 'mh', servers: [SERVER_1, SERVER_2] });
  only(service, slot);
  expect(from(client)).toBe('2');
  only(service, slot + 1);
  expect(from(client)).toBe('1');
});

test('with mh-port the client’s port counts', () => {
  const service = router.addService({ scheduler: 'mh', flags: ['mh-port'], servers: [SERVER_1, SERVER_2] });
  only(service, slotOf(addressNumber('10.0.0.100') + 4711));
  expect([from('10.0.0.100', 4711), from('10.0.0.100', 4712)]).toEqual(['2', '1']);
});

test('a quiesced server keeps its slots and refuses, the others keep their clients', () => {
  const service = router.addService({ scheduler: 'mh', servers: [SERVER_1, SERVER_2, SERVER_3] });
  const clients = Array.from({ length: 40 }, (_, i) => `198.51.100.${i + 1}`);
  const before = clients.map((client) => from(client));
  expect(new Set(before).size).toBe(3);
  const record = router.tables.servers.get(service.slot(SERVER_2)) as abi.Server;
  router.tables.servers.set(service.slot(SERVER_2), { ...record, weight: 0 });
  expect(clients.map((client) => from(client))).toEqual(before.map((choice) => (choice === '2' ? 'none' : choice)));
});

test('with mh-fallback a refused client is hashed anew: first with its own slot added', () => {
  const service = router.addService({ scheduler: 'mh', flags: ['mh-fallback'], servers: [SERVER_1, SERVER_2] });
  const record = router.tables.servers.get(service.slot(SERVER_1)) as abi.Server;
  router.tables.servers.set(service.slot(SERVER_1), { ...record, weight: 0 });
  only(service, slotOf(addressNumber('10.0.0.100') + 2632));
  expect(from('10.0.0.100')).toBe('2');
  only(service, slotOf(addressNumber('10.0.0.100') + ((2632 + 4092) % 4093)));
  expect(from('10.0.0.100')).toBe('2');
});

test('with mh-fallback and nobody to take it a client is refused', () => {
  const service = router.addService({ scheduler: 'mh', flags: ['mh-fallback'], servers: [SERVER_1] });
  service.setWeight(SERVER_1, 0);
  expect(from('10.0.0.100')).toBe('none');
});
