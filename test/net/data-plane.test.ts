// SPDX-License-Identifier: MIT
// The kernel data plane through its face: services and documents that are written are what is there and what runs.
import { describe, expect, it } from 'vitest';
import { LIMIT_SERVICES } from '../../src/abi/index.ts';
import type { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import type { Scheduler, Service } from '../../src/model/model.ts';
import { DataPlaneFixture, fillers, server, shop, slotOf, web } from './data-plane-fixture.ts';

let router: KernelDataPlane;
DataPlaneFixture.forEachTest((started) => {
  router = started;
});

describe('services', () => {
  it('read back as they were put: keys, order, weights, persistence', () => {
    const services = [shop, web([server(1, 3), server(2, 0), server(3)], { scheduler: 'wrr' })];
    router.change({ putServices: services });
    expect(router.state().services).toEqual(services);
  });

  it('stand newest first in the list that packets see', () => {
    router.change({ putServices: [web([server(1), server(2)])] });
    const [record] = router.maps.services.values();
    const first = router.maps.members.get(record?.membersFirst ?? -1);
    expect(first?.server).toBe(slotOf(router, 2));
  });

  it('get a fresh list when a weight changes, and leave the old one as it was', () => {
    router.change({ putServices: [web([server(1), server(2)])] });
    const [before] = router.maps.services.values();
    const old = router.maps.members.get(before?.membersFirst ?? -1);
    router.change({ putServices: [web([server(1), server(2, 9)])] });
    const [after] = router.maps.services.values();
    expect(after?.membersFirst).not.toBe(before?.membersFirst);
    expect(router.maps.members.get(before?.membersFirst ?? -1)).toEqual(old);
  });

  it('that do not fit change nothing', () => {
    router.change({ putServices: [web([server(1)])] });
    const many = Array.from({ length: 300 }, (_, i) => ({
      ...web(
        Array.from({ length: 1000 }, (_, n) => ({
          address: `10.${n >> 8}.${n & 255}.${i & 255}`,
          port: i + 1,
          weight: 1,
        })),
      ),
      name: `s${i}`,
      key: { kind: 'address', protocol: 'udp', address: '192.0.2.11', port: i + 1 } as const,
    }));
    expect(() => router.change({ putServices: many })).toThrow(/server slots are in use/);
    expect(router.state().services.map(({ name }) => name)).toEqual(['web']);
  });

  it('may all be edited at once, though they are more than half of what fits', () => {
    const many = (scheduler: Scheduler): Service[] =>
      fillers(LIMIT_SERVICES / 2 + 1).map((one) => ({ ...one, scheduler }));
    router.change({ putServices: many('rr') });
    router.change({ putServices: many('lc') });
    expect(new Set(router.state().services.map(({ scheduler }) => scheduler))).toEqual(new Set(['lc']));
  });

  it('fit as many as there are ids, and one more changes nothing', () => {
    router.change({ putServices: fillers(LIMIT_SERVICES - 1) });
    expect(() => router.change({ putServices: [shop] })).toThrow('all 16383 service ids are in use');
    expect(router.state().services).toHaveLength(LIMIT_SERVICES - 1);
    router.change({ putServices: [{ ...(fillers(1)[0] as Service), scheduler: 'lc' }] });
    expect(() => router.change({ putServices: fillers(LIMIT_SERVICES) })).toThrow('all 16383 service ids are in use');
  });

  it('that are not there cannot be removed', () => {
    expect(() => router.change({ removeServices: [shop.key] })).toThrow('no service mark 80 ipv4');
  });
});

describe('documents', () => {
  it('come back whole, however long, and however often they are written', () => {
    for (const size of [0, 1, 5_000, 500_000]) {
      const text = Array.from({ length: size }, (_, i) => String.fromCharCode(33 + ((i * 7919) % 90))).join('');
      router.writeDocument('applied', text);
      expect(router.readDocument('applied')).toBe(text);
    }
    router.writeDocument('applied', 'short');
    expect(router.maps.documents.size).toBeLessThanOrEqual(2 + 2);
  });
});
