// SPDX-License-Identifier: MIT
// Servers and services that are removed, and come back or do not: what becomes of their slots and ids, and of what they have
// counted.
import { describe, expect, it, vi } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { ticksNow } from '../../src/dataplane/abi-values.ts';
import { NO_COUNTERS } from '../../src/dataplane/counter-values.ts';
import type { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import { readServers } from '../../src/dataplane/server-records.ts';
import type { Service } from '../../src/model/model.ts';
import { DataPlaneFixture, fillers, server, shop, slotOf, web } from './data-plane-fixture.ts';

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

  it('have lost their slot when another was given it in the same change', () => {
    const all = Array.from({ length: abi.LIMIT_SERVERS - 2 }, (_, i) => ({ ...server(1 + (i % 250)), port: 1 + i }));
    const mark = (number: number, host: number): Service => ({
      ...shop,
      name: `m${number}`,
      key: { kind: 'mark', mark: number, family: 'ipv4' },
      servers: [server(host)],
    });
    router.change({ putServices: [mark(81, 1), web(all)] });
    router.change({ removeServices: [mark(81, 1).key] });
    age(1);
    // room for one
    expect(() => router.change({ putServices: [mark(82, 2), mark(81, 1)] })).toThrow(
      /all 65535 server slots are in use/,
    );
    router.change({ putServices: [mark(82, 2)] });
    expect(router.state().services.find(({ name }) => name === 'm82')?.servers).toMatchObject([
      { address: '10.0.0.2' },
    ]);
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
});

describe('ids of services', () => {
  const idOf = (name: string) => [...router.maps.services.values()].find((record) => record.name === name)?.id;
  const load = (slot: number, active: number) =>
    router.maps.server_loads.set(slot, { active, inactive: 0, overloaded: 0, reserved: 0 });

  it('of many that were removed go to others', () => {
    const many = (address: string): Service[] =>
      fillers(9000).map((one, i) => ({
        ...one,
        key: { kind: 'address', protocol: 'udp', address, port: i + 1 },
        servers: [server(1)],
      }));
    const old = many('192.0.2.11');
    router.change({ putServices: old });
    router.change({ removeServices: old.map(({ key }) => key) });
    for (let slot = 1; slot <= old.length; slot++) age(slot);
    router.change({ putServices: many('192.0.2.12') });
    expect(router.state().services).toHaveLength(9000);
  });

  it('are given again only when no packet, connection or persistence entry can name them', () => {
    const put = () => router.change({ putServices: [shop] });
    const refused = 'all 16383 service ids are in use';
    router.change({ putServices: [web([server(1)]), ...fillers(abi.LIMIT_SERVICES - 2)] });
    const slot = slotOf(router, 1);
    const id = idOf('web') as number;
    const client = { word: [1, 2, 3, 4] as const };
    const entry = { server: slot, timeout: 1000, lastUsed: ticksNow(), active: 0, assured: 1 };
    router.maps.persistence.set({ client, service: id }, entry);
    load(slot, 1);
    router.change({ removeServices: [web([]).key] });
    age(slot);
    expect(put, 'a connection').toThrow(refused);
    load(slot, 0);
    expect(put, 'a persistence entry').toThrow(refused);
    router.maps.persistence.set({ client, service: id }, { ...entry, lastUsed: ticksNow() - 1005 });
    expect(put, 'an entry that was found a moment ago').toThrow(refused);
    router.maps.persistence.set({ client, service: id }, { ...entry, lastUsed: ticksNow() - 2000 });
    router.maps.servers.set(slot, { ...(router.maps.servers.get(slot) as abi.Server), removedAt: ticksNow() });
    expect(put, 'a packet').toThrow(refused);
    age(slot);
    put();
    expect(idOf('shop')).toBe(id);
  });

  it('rest from the moment when packets cannot find their service any more, however long that takes', () => {
    router.change({ putServices: [web([server(1)])] });
    const slot = slotOf(router, 1);
    const { services } = router.maps;
    const [time, remove] = [process.hrtime.bigint, services.delete.bind(services)];
    vi.spyOn(services, 'delete').mockImplementation((key) => {
      vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => time() + 3_000_000_000n);
      return remove(key);
    });
    router.change({ removeServices: [web([]).key] });
    vi.restoreAllMocks();
    expect(router.maps.servers.get(slot)?.status).toBe(abi.ServerStatus.REMOVED);
  });

  it('stay with services that come back, though others need some', () => {
    router.change({ putServices: [web([server(1)]), ...fillers(abi.LIMIT_SERVICES - 2)] });
    const [slot, id] = [slotOf(router, 1), idOf('web')];
    count(slot, 7n);
    router.change({ removeServices: [web([]).key] });
    age(slot);
    expect(() => router.change({ putServices: [shop, web([server(1)])] })).toThrow(/^all 16383 service ids are in use/);
    router.change({ putServices: [web([server(1)])] });
    expect([slotOf(router, 1), idOf('web')]).toEqual([slot, id]);
    expect(router.statistics().totals.connections).toBe(7n);
  });

  it('of services that are replaced in one change are not free yet: the error says what to do', () => {
    const old = fillers(abi.LIMIT_SERVICES - 2);
    router.change({ putServices: [web([server(1)]), ...old] });
    const change = { removeServices: [web([]).key], putServices: [shop] };
    expect(() => router.change(change)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^remove services first, in a change of its own/) }),
    );
    expect(idOf('web')).toBeDefined();
  });
});

/** As if it had been removed long ago. */
function age(slot: number): void {
  const record = router.maps.servers.get(slot) as abi.Server;
  router.maps.servers.set(slot, { ...record, removedAt: ticksNow() - OLD_TICKS });
}
