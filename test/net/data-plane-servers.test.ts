// SPDX-License-Identifier: MIT
// Servers that are taken from a service and come back: what becomes of their slots, and of what they have counted.
import { describe, expect, it } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { ticksNow } from '../../src/dataplane/abi-values.ts';
import { NO_COUNTERS } from '../../src/dataplane/counter-values.ts';
import type { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import { readServers } from '../../src/dataplane/server-records.ts';
import type { Service } from '../../src/model/model.ts';
import { DataPlaneFixture, server, shop, slotOf, web } from './data-plane-fixture.ts';

const OLD_TICKS = 100;

let router: KernelDataPlane;
DataPlaneFixture.forEachTest((started) => {
  router = started;
});

function count(slot: number, connections: bigint): void {
  router.maps.server_counters.fill(slot, NO_COUNTERS);
  const perCpu = router.maps.server_counters.get(slot) ?? [];
  router.maps.server_counters.set(slot, [{ ...NO_COUNTERS, connections }, ...perCpu.slice(1)]);
}

describe('servers that go and come back', () => {
  it('keep slot and counters when the same server returns to the same service', () => {
    router.change({ putServices: [web([server(1), server(2)])] });
    const slot = slotOf(router, 1);
    count(slot, 7n);
    router.change({ putServices: [web([server(2)])] });
    expect(router.maps.servers.get(slot)?.status).toBe(abi.ServerStatus.REMOVED);
    router.change({ putServices: [web([server(2), server(1)])] });
    expect(slotOf(router, 1)).toBe(slot);
    expect(router.statistics().services[0]?.servers[1]?.counters.connections).toBe(7n);
  });

  it('count for their service after they are gone, and for the router after the service is', () => {
    router.change({ putServices: [web([server(1), server(2)])] });
    count(slotOf(router, 1), 7n);
    count(slotOf(router, 2), 1n);
    router.change({ putServices: [web([server(2)])] });
    expect(router.statistics().services[0]?.counters.connections).toBe(8n);
    router.change({ removeServices: [web([]).key] });
    expect(router.statistics().services).toEqual([]);
    expect(router.statistics().totals.connections).toBe(8n);
  });

  it('give their slot away only when nothing refers to it any more; the totals stay', () => {
    router.change({ putServices: [web([server(1)])] });
    const slot = slotOf(router, 1);
    count(slot, 5n);
    router.maps.server_loads.set(slot, { active: 1, inactive: 0, overloaded: 0, reserved: 0 });
    router.change({ removeServices: [web([]).key] });
    age(slot);
    router.change({ putServices: [{ ...shop }] });
    router.change({ removeServices: [shop.key] });
    expect(router.maps.servers.get(slot)?.status).toBe(abi.ServerStatus.REMOVED);
    router.maps.server_loads.set(slot, { active: 0, inactive: 0, overloaded: 0, reserved: 0 });
    router.change({ putServices: [shop] });
    router.change({ removeServices: [shop.key] });
    expect(router.maps.servers.get(slot)?.status).toBe(abi.ServerStatus.FREE);
    expect(router.statistics().totals.connections).toBe(5n);
  });

  it('are found behind more slots than are read at once, all of them given back', () => {
    const many = Array.from({ length: 1500 }, (_, i) => ({ ...server(1 + (i % 250)), port: 80 + Math.floor(i / 250) }));
    const brief: Service = { ...shop, name: 'brief', key: { kind: 'mark', mark: 81, family: 'ipv4' } };
    router.change({ putServices: [web(many)] });
    router.change({ putServices: [shop, brief] });
    router.change({ removeServices: [web([]).key] });
    for (let slot = 1; slot <= many.length; slot++) age(slot);
    router.change({ removeServices: [brief.key] });
    expect(router.maps.servers.get(many.length)?.status).toBe(abi.ServerStatus.FREE);
    expect([...readServers(router.maps).keys()][0]).toBe(many.length + 1);
    expect(router.statistics().services.map(({ name, servers }) => [name, servers.length])).toEqual([['shop', 1]]);
  });

  it('leave their persistence entries to nobody when their slot is given away', () => {
    router.change({ putServices: [web([server(1)])] });
    const slot = slotOf(router, 1);
    const service = router.maps.servers.get(slot)?.service as number;
    const client = { word: [1, 2, 3, 4] as const };
    const entry = { server: slot, timeout: 1000, lastUsed: ticksNow(), active: 0, assured: 1 };
    router.maps.persistence.set({ client, service }, entry);
    expect(router.statistics().services[0]?.servers[0]?.persistence).toBe(1);
    expect([...router.persistence()]).toHaveLength(1);
    router.maps.servers.set(slot, { ...(router.maps.servers.get(slot) as abi.Server), service: service + 1 });
    expect(router.statistics().services[0]?.servers[0]?.persistence).toBe(0);
    expect([...router.persistence()]).toEqual([]);
  });

  function age(slot: number): void {
    const record = router.maps.servers.get(slot) as abi.Server;
    router.maps.servers.set(slot, { ...record, removedAt: ticksNow() - OLD_TICKS });
  }
});
