// SPDX-License-Identifier: MIT
// Puts marking rules in force: compiled by user space's own compiler, so that both sides are tried together.
import { type Codec, TypedMap } from 'bpf-maps';
import { BpfMap, type MapTypeName } from 'libbpf-ts';
import * as abi from '../../src/abi/index.ts';
import { compileMarks } from '../../src/dataplane/mark-compiler.ts';
import { innerTypes } from '../../src/dataplane/mark-maps.ts';
import type { MarkRule } from '../../src/model/model.ts';
import { wideAddress as address, FAMILY_NUMBER, prefixOf, wideMask } from './family.ts';
import type { Router } from './router.ts';

const NO_PREALLOC = 1;
const INNER_MAP = 0x1000;
const FAMILY_BITS = 32;
const CLASS_AND_PROTOCOL_BITS = 48;

type Outer = 'mark_addresses' | 'mark_ports' | 'mark_candidates';

function inner<K, V>(
  router: Router,
  name: Outer,
  type: MapTypeName,
  flags: number,
  maxEntries: number,
): TypedMap<K, V> {
  const { key, value } = abi.maps[name].inner as unknown as { key: Codec<K>; value: Codec<V> };
  const btf = innerTypes(router.object.map(name));
  const definition = { name, type, keySize: key.size, valueSize: value.size, maxEntries, flags };
  const map = BpfMap.create(btf ? { ...definition, btf } : definition);
  return new TypedMap(map, key, value);
}

function sourceOf(source = '0.0.0.0/0'): Pick<abi.MarkCandidate, 'source' | 'sourceMask'> {
  const [network = '', length] = source.split('/');
  return { source: address(network), sourceMask: wideMask(Number(length)) };
}

/** Fills the set of rules that is not in force. */
function fill(router: Router, rules: readonly MarkRule[], set: number): void {
  const { networks, ports, candidates } = compileMarks(rules);
  const trie = inner<abi.MarkAddressKey, number>(router, 'mark_addresses', 'lpm_trie', NO_PREALLOC, 1048576);
  for (const { network, length, class: id } of networks)
    trie.set({ prefixlen: FAMILY_BITS + prefixOf(length), family: FAMILY_NUMBER, address: address(network) }, id);
  const leaves = inner<abi.MarkPortKey, abi.MarkLeaf>(router, 'mark_ports', 'lpm_trie', NO_PREALLOC, 1048576);
  for (const { class: id, protocol, port, length, first, count } of ports) {
    const place = { class: id, protocol: protocol === 'udp' ? 17 : 6, reserved: 0, port };
    leaves.set({ prefixlen: CLASS_AND_PROTOCOL_BITS + length, ...place }, { first, count });
  }
  const size = Math.max(1, candidates.length);
  const list = inner<number, abi.MarkCandidate>(router, 'mark_candidates', 'array', INNER_MAP, size);
  candidates.forEach(({ source, mark }, i) => {
    list.set(i, { ...sourceOf(source), mark });
  });
  const slot = new Uint8Array(Uint32Array.of(set).buffer);
  for (const map of [trie.map, leaves.map, list.map]) {
    router.object.map(map.info.name).set(slot, map);
    map.close();
  }
}

/** Puts these rules in the place of those in force, by one switch. */
export function setMarks(router: Router, rules: readonly MarkRule[]): void {
  const set = 1 - router.settings.markSet;
  fill(router, rules, set);
  router.set({ markSet: set, marks: rules.length });
}
