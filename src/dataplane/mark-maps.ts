// SPDX-License-Identifier: MIT
// The marking rules in the kernel: compiled into fresh maps beside those in force, then switched to by one word.
import { TypedMap } from 'bpf-maps';
import { BpfMap, type MapTypeName, type MapTypes } from 'libbpf-ts';
import * as abi from '../abi/index.ts';
import type { MarkRule } from '../model/model.ts';
import { parsePrefix } from '../net/prefix.ts';
import { addressToAbi, familyNumberOf, protocolNumber } from './abi-values.ts';
import { type CompiledMarks, compileMarks } from './mark-compiler.ts';
import type { RouterMaps } from './pins.ts';
import { patchSettings, readSettings } from './settings-map.ts';

const FAMILY_BITS = 32;
const CLASS_AND_PROTOCOL_BITS = 32 + 8 + 8;
const TRIE_ENTRIES = 1048576;
const BPF_F_NO_PREALLOC = 1;
const BPF_F_INNER_MAP = 0x1000;

type OuterName = keyof RouterMaps['outer'];

/** The types of the map in force, for another one in its place: before 6.2 the kernel takes only an inner map that has types where its model has. */
export function innerTypes(outer: BpfMap): MapTypes | undefined {
  const id = outer.get(new Uint8Array(4));
  if (!id) return undefined;
  const inner = BpfMap.openId(new DataView(id.buffer, id.byteOffset).getUint32(0, true));
  try {
    const { btfId, btfKeyTypeId, btfValueTypeId } = inner.info;
    return btfId === 0 ? undefined : { id: btfId, keyTypeId: btfKeyTypeId, valueTypeId: btfValueTypeId };
  } finally {
    inner.close();
  }
}

function createInner<K, V>(
  maps: RouterMaps,
  name: OuterName,
  type: MapTypeName,
  flags: number,
  maxEntries: number,
): TypedMap<K, V> {
  const { key, value } = abi.maps[name].inner;
  const btf = innerTypes(maps.outer[name]);
  const definition = { name, type, keySize: key.size, valueSize: value.size, maxEntries, flags };
  const map = BpfMap.create(btf ? { ...definition, btf } : definition);
  return new TypedMap<K, V>(map, key as never, value as never);
}

function fillNetworks(maps: RouterMaps, { networks }: CompiledMarks): BpfMap {
  const trie = createInner<abi.MarkAddressKey, number>(
    maps,
    'mark_addresses',
    'lpm_trie',
    BPF_F_NO_PREALLOC,
    TRIE_ENTRIES,
  );
  trie.setMany(
    networks.map(({ network, length, class: id }) => {
      const key = { prefixlen: FAMILY_BITS + length, family: familyNumberOf(network), address: addressToAbi(network) };
      return [key, id] as const;
    }),
  );
  return trie.map;
}

function fillPorts(maps: RouterMaps, { ports }: CompiledMarks): BpfMap {
  const trie = createInner<abi.MarkPortKey, abi.MarkLeaf>(
    maps,
    'mark_ports',
    'lpm_trie',
    BPF_F_NO_PREALLOC,
    TRIE_ENTRIES,
  );
  trie.setMany(
    ports.map((block) => {
      const key = {
        prefixlen: CLASS_AND_PROTOCOL_BITS + block.length,
        class: block.class,
        protocol: protocolNumber(block.protocol),
        reserved: 0,
        port: block.port,
      };
      return [key, { first: block.first, count: block.count }] as const;
    }),
  );
  return trie.map;
}

const ANY_SOURCE = { source: { word: [0, 0, 0, 0] }, sourceMask: { word: [0, 0, 0, 0] } };

function fillCandidates(maps: RouterMaps, { candidates }: CompiledMarks): BpfMap {
  const size = Math.max(1, candidates.length);
  const list = createInner<number, abi.MarkCandidate>(maps, 'mark_candidates', 'array', BPF_F_INNER_MAP, size);
  list.setMany(candidates.map(({ source, mark }, i) => [i, { ...sourceOf(source), mark }] as const));
  return list.map;
}

function sourceOf(source: string | undefined): Pick<abi.MarkCandidate, 'source' | 'sourceMask'> {
  if (source === undefined) return ANY_SOURCE;
  const prefix = parsePrefix(source);
  if (!prefix) throw new RangeError(`source ${source} of a marking rule is no network`);
  const word = [0, 1, 2, 3].map((i) => {
    const bits = Math.min(32, Math.max(0, prefix.length - i * 32));
    return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  });
  return { source: addressToAbi(prefix.address), sourceMask: { word } };
}

/** Rules that are ready in the kernel but not in force yet. */
export interface PreparedMarks {
  /** Puts them in force; a packet meets the old rules or the new. */
  commit(maps: RouterMaps): void;
  close(): void;
}

/** Compiles and fills; throws before anything that packets see has changed. */
export function prepareMarks(maps: RouterMaps, rules: readonly MarkRule[]): PreparedMarks {
  const compiled = compileMarks(rules);
  const inner: Partial<Record<OuterName, BpfMap>> = {};
  const close = (): void => {
    for (const map of Object.values(inner)) map.close();
  };
  try {
    inner.mark_addresses = fillNetworks(maps, compiled);
    inner.mark_ports = fillPorts(maps, compiled);
    inner.mark_candidates = fillCandidates(maps, compiled);
  } catch (error) {
    close();
    throw error;
  }
  return { close, commit: (into) => switchTo(into, inner as Record<OuterName, BpfMap>, rules.length) };
}

function switchTo(maps: RouterMaps, inner: Record<OuterName, BpfMap>, rules: number): void {
  const markSet = 1 - readSettings(maps).markSet;
  const slot = new Uint8Array(new Uint32Array([markSet]).buffer);
  for (const [name, map] of Object.entries(inner)) maps.outer[name as OuterName].set(slot, map);
  patchSettings(maps, { markSet, marks: rules });
}
