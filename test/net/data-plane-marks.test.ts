// SPDX-License-Identifier: MIT
// Marking rules in the kernel data plane: what is written is what the kernel's own tries find.
import { TypedMap } from 'bpf-maps';
import { BpfMap } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { addressToAbi, protocolNumber } from '../../src/dataplane/abi-values.ts';
import type { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import type { MarkRule } from '../../src/model/model.ts';
import { DataPlaneFixture } from './data-plane-fixture.ts';

let router: KernelDataPlane;
DataPlaneFixture.forEachTest((started) => {
  router = started;
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
