// SPDX-License-Identifier: MIT
// Puts marking rules in force: compiled by user space's own compiler, so that both sides are tried together.
import { type Codec, TypedMap } from 'bpf-maps';
import { BpfMap, type MapTypeName } from 'libbpf-ts';
import * as abi from '../../src/abi/index.ts';
import { protocolNumber } from '../../src/dataplane/abi-values.ts';
import { compileMarks } from '../../src/dataplane/mark-compiler.ts';
import { innerTypes } from '../../src/dataplane/mark-maps.ts';
import type { MarkRule } from '../../src/model/model.ts';
import { wideAddress as address, FAMILY, familyNumber, type IpFamily, prefixOf, wideMask } from './family.ts';
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

const NOTHING: abi.Address = { word: [0, 0, 0, 0] };

/** Without one, any source of the whole family. */
function sourceOf(family: IpFamily, source?: string): Pick<abi.MarkCandidate, 'source' | 'sourceMask'> {
  if (source === undefined) return { source: NOTHING, sourceMask: NOTHING };
  const [network = '', length] = source.split('/');
  return { source: address(network, family), sourceMask: wideMask(Number(length), family) };
}

/** The rules as one family's, their classes and candidates behind those that are there already. */
function fillFamily(
  family: IpFamily,
  rules: readonly MarkRule[],
  trie: TypedMap<abi.MarkAddressKey, number>,
  leaves: TypedMap<abi.MarkPortKey, abi.MarkLeaf>,
  list: abi.MarkCandidate[],
  classes: number,
): number {
  const { networks, ports, candidates } = compileMarks(rules);
  const before = list.length;
  for (const { network, length, class: id } of networks) {
    const prefixlen = FAMILY_BITS + prefixOf(length, family);
    trie.set({ prefixlen, family: familyNumber(family), address: address(network, family) }, classes + id);
  }
  for (const { class: id, protocol, port, length, first, count } of ports) {
    const place = { class: classes + id, protocol: protocolNumber(protocol), reserved: 0, port };
    leaves.set({ prefixlen: CLASS_AND_PROTOCOL_BITS + length, ...place }, { first: before + first, count });
  }
  list.push(...candidates.map(({ source, mark }) => ({ ...sourceOf(family, source), mark })));
  return Math.max(classes, ...networks.map((network) => classes + network.class));
}

/** Fills the set of rules that is not in force. */
function fill(router: Router, rules: readonly MarkRule[], set: number, families: readonly IpFamily[]): void {
  const trie = inner<abi.MarkAddressKey, number>(router, 'mark_addresses', 'lpm_trie', NO_PREALLOC, 1048576);
  const leaves = inner<abi.MarkPortKey, abi.MarkLeaf>(router, 'mark_ports', 'lpm_trie', NO_PREALLOC, 1048576);
  const candidates: abi.MarkCandidate[] = [];
  let classes = 0;
  for (const family of families) classes = fillFamily(family, rules, trie, leaves, candidates, classes);
  const size = Math.max(1, candidates.length);
  const list = inner<number, abi.MarkCandidate>(router, 'mark_candidates', 'array', INNER_MAP, size);
  candidates.forEach((candidate, i) => {
    list.set(i, candidate);
  });
  const slot = new Uint8Array(Uint32Array.of(set).buffer);
  for (const map of [trie.map, leaves.map, list.map]) {
    router.object.map(map.info.name).set(slot, map);
    map.close();
  }
}

/** Puts these rules in the place of those in force, by one switch; each stands for all families. */
export function setMarks(router: Router, rules: readonly MarkRule[], families: readonly IpFamily[] = [FAMILY]): void {
  const set = 1 - router.settings.markSet;
  fill(router, rules, set, families);
  router.set({ markSet: set, marks: rules.length });
}
