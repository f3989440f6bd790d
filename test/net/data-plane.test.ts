// SPDX-License-Identifier: MIT
// The kernel data plane through its face: what is written is what runs, nothing is lost when things come and go.
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TypedMap } from 'bpf-maps';
import { BpfMap } from 'libbpf-ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { addressToAbi, protocolNumber, ticksNow } from '../../src/dataplane/abi-values.ts';
import { NO_COUNTERS } from '../../src/dataplane/counter-values.ts';
import { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import { type Loaded, loadRouter, removePins } from '../../src/dataplane/loader.ts';
import { pinPaths } from '../../src/dataplane/pins.ts';
import type { MarkRule, Server, Service } from '../../src/model/model.ts';

const OBJECT = join(import.meta.dirname, '../../build/xlvs.bpf.o');
const TABLES = { connections: 4096, persistence: 1024, fragments: 1024 };
const OLD_TICKS = 100;

let directory: string;
let pins: string;
let router: KernelDataPlane;

function load(object = OBJECT, tables = TABLES): Loaded['how'] {
  const loaded = loadRouter(pins, object, tables);
  loaded.program.pin(pinPaths.program(pins) + (loaded.how === 'fresh' ? '' : '-other'));
  loaded.commit();
  loaded.program.close();
  return loaded.how;
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'xlvs-data-plane-'));
  mkdirSync(join(directory, 'bpf'));
  execFileSync('mount', ['-t', 'bpf', 'bpf', join(directory, 'bpf')]);
  pins = join(directory, 'bpf/xlvs');
});

afterAll(() => {
  execFileSync('umount', [join(directory, 'bpf')]);
  rmSync(directory, { recursive: true });
});

beforeEach(() => {
  load();
  router = KernelDataPlane.open(pins);
});

afterEach(() => {
  router.close();
  removePins(pins);
});

const server = (last: number, weight = 1): Server => ({ address: `10.0.0.${last}`, port: 80, weight });
const web = (servers: readonly Server[], more: Partial<Service> = {}): Service => ({
  name: 'web',
  key: { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 80 },
  scheduler: 'wlc',
  servers,
  ...more,
});
const shop: Service = {
  name: 'shop',
  key: { kind: 'mark', mark: 80, family: 'ipv4' },
  scheduler: 'sh',
  persistence: { timeout: 300, prefix: 24 },
  servers: [{ address: '10.0.0.1', port: 0, weight: 3 }],
};

/** Slots by server address, of whatever status. */
function slotOf(last: number): number {
  const word = addressToAbi(`10.0.0.${last}`).word[0];
  for (const [slot, record] of router.maps.servers.entries()) {
    if (record.status !== abi.ServerStatus.FREE && record.address.word[0] === word) return slot;
  }
  throw new Error(`no slot for server ${last}`);
}

function count(slot: number, connections: bigint): void {
  router.maps.server_counters.fill(slot, NO_COUNTERS);
  const perCpu = router.maps.server_counters.get(slot) ?? [];
  router.maps.server_counters.set(slot, [{ ...NO_COUNTERS, connections }, ...perCpu.slice(1)]);
}

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
    expect(first?.server).toBe(slotOf(2));
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

  it('that are not there cannot be removed', () => {
    expect(() => router.change({ removeServices: [shop.key] })).toThrow('no service mark 80 ipv4');
  });
});

describe('servers that go and come back', () => {
  it('keep slot and counters when the same server returns to the same service', () => {
    router.change({ putServices: [web([server(1), server(2)])] });
    const slot = slotOf(1);
    count(slot, 7n);
    router.change({ putServices: [web([server(2)])] });
    expect(router.maps.servers.get(slot)?.status).toBe(abi.ServerStatus.REMOVED);
    router.change({ putServices: [web([server(2), server(1)])] });
    expect(slotOf(1)).toBe(slot);
    expect(router.statistics()[0]?.servers[1]?.counters.connections).toBe(7n);
  });

  it('count for their service after they are gone, and for the router after the service is', () => {
    router.change({ putServices: [web([server(1), server(2)])] });
    count(slotOf(1), 7n);
    count(slotOf(2), 1n);
    router.change({ putServices: [web([server(2)])] });
    expect(router.statistics()[0]?.counters.connections).toBe(8n);
    router.change({ removeServices: [web([]).key] });
    expect(router.statistics()).toEqual([]);
    expect(router.totals().connections).toBe(8n);
  });

  it('give their slot away only when nothing refers to it any more; the totals stay', () => {
    router.change({ putServices: [web([server(1)])] });
    const slot = slotOf(1);
    count(slot, 5n);
    router.maps.server_loads.set(slot, { active: 1, inactive: 0 });
    router.change({ removeServices: [web([]).key] });
    age(slot);
    router.change({ putServices: [{ ...shop }] });
    router.change({ removeServices: [shop.key] });
    expect(router.maps.servers.get(slot)?.status).toBe(abi.ServerStatus.REMOVED);
    router.maps.server_loads.set(slot, { active: 0, inactive: 0 });
    router.change({ putServices: [shop] });
    router.change({ removeServices: [shop.key] });
    expect(router.maps.servers.get(slot)?.status).toBe(abi.ServerStatus.FREE);
    expect(router.totals().connections).toBe(5n);
  });

  function age(slot: number): void {
    const record = router.maps.servers.get(slot) as abi.Server;
    router.maps.servers.set(slot, { ...record, removedAt: ticksNow() - OLD_TICKS });
  }
});

describe('marks', () => {
  const rule = (mark: number, address: string, first: number, last: number, source?: string): MarkRule => ({
    mark,
    protocol: 'tcp',
    address,
    ports: [{ first, last }],
    ...(source !== undefined && { source }),
  });

  /** As the program looks them up, by the kernel's own longest-prefix match. */
  function lookUp(destination: string, port: number): number[] {
    const set = router.maps.settings.get(0)?.markSet ?? 0;
    const inner = <K, V>(name: 'mark_addresses' | 'mark_ports' | 'mark_candidates'): TypedMap<K, V> => {
      const id = router.maps.outer[name].get(new Uint8Array(new Uint32Array([set]).buffer));
      const map = BpfMap.openId(new DataView((id as Uint8Array).buffer).getUint32(0, true));
      return new TypedMap<K, V>(map, abi.maps[name].inner.key as never, abi.maps[name].inner.value as never);
    };
    const addresses = inner<abi.MarkAddressKey, number>('mark_addresses');
    const found = addresses.get({ prefixlen: 160, family: abi.Family.IPV4, address: addressToAbi(destination) });
    if (found === undefined) return [];
    const ports = inner<abi.MarkPortKey, abi.MarkLeaf>('mark_ports');
    const leaf = ports.get({ prefixlen: 64, class: found, protocol: protocolNumber('tcp'), reserved: 0, port });
    const list = inner<number, abi.MarkCandidate>('mark_candidates');
    return Array.from({ length: leaf?.count ?? 0 }, (_, i) => list.get((leaf?.first ?? 0) + i)?.mark ?? 0);
  }

  it('are found by the kernel’s tries as the file orders them', () => {
    const marks = [
      rule(21, '192.0.2.10/32', 10000, 20000),
      rule(5, '192.0.2.0/24', 15000, 15999, '198.51.100.0/24'),
      rule(6, '192.0.2.0/24', 0, 65535),
    ];
    router.change({ marks });
    expect(router.state().marks).toEqual(marks);
    expect(lookUp('192.0.2.10', 15500)).toEqual([21]);
    expect(lookUp('192.0.2.10', 9999)).toEqual([6]);
    expect(lookUp('192.0.2.99', 15500)).toEqual([5, 6]);
    expect(lookUp('198.51.100.1', 80)).toEqual([]);
  });

  it('are replaced as a whole', () => {
    router.change({ marks: [rule(1, '192.0.2.10/32', 80, 80)] });
    router.change({ marks: [rule(2, '192.0.2.11/32', 80, 80)] });
    expect(lookUp('192.0.2.10', 80)).toEqual([]);
    expect(lookUp('192.0.2.11', 80)).toEqual([2]);
    router.change({ marks: [] });
    expect(lookUp('192.0.2.11', 80)).toEqual([]);
    expect(router.maps.settings.get(0)?.marks).toBe(0);
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

describe('pins', () => {
  it('of the same object are used again, of another one upgraded; what they hold stays', () => {
    router.change({ putServices: [web([server(1)])] });
    expect(load()).toBe('reused');
    const other = join(directory, 'other.bpf.o');
    copyFileSync(OBJECT, other);
    appendFileSync(other, '\0');
    rmSync(`${pinPaths.program(pins)}-other`);
    expect(load(other)).toBe('upgraded');
    expect(router.state().services).toEqual([web([server(1)])]);
  });

  it('whose expiry timer has ended get a new one', async () => {
    const timers = BpfMap.openPin(pinPaths.map(pins, 'timers'));
    timers.set(new Uint8Array(4), new Uint8Array(timers.info.valueSize)); // the kernel cancels a timer that is written over
    timers.close();
    await sleep(2_500);
    const { slices } = router.maps.epochs.get(0) as abi.Epoch;
    expect(load()).toBe('upgraded');
    await expect.poll(() => router.maps.epochs.get(0)?.slices).toBeGreaterThan(slices);
  });

  it('with tables of another size are refused by name', () => {
    expect(() => load(OBJECT, { ...TABLES, connections: 8192 })).toThrow(
      'tables.connections is 8192 in the file, but 4096 in the running data plane',
    );
  });

  it('of another layout are refused by the name of the field', () => {
    const path = pinPaths.map(pins, 'server_loads');
    rmSync(path);
    const { key, value } = abi.maps.ring_cursors;
    const strange = router.maps.ring_cursors.map;
    expect([key.size, value.size]).toEqual([4, 16]);
    strange.pin(path);
    expect(() => KernelDataPlane.open(pins)).toThrow(
      /pinned map server_loads is of another version of xlvs: .*ring_cursor/,
    );
  });

  it('that are not there are said to be missing, with the cure', () => {
    expect(() => KernelDataPlane.open(`${pins}-none`)).toThrow(`no xlvs router under ${pins}-none`);
  });
});
