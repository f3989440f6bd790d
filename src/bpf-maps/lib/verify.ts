// SPDX-License-Identifier: MIT
// Compares what a program expects of its maps with the BTF a running map carries: equal sizes say nothing about fields.
import type { BpfMap } from 'libbpf-ts';
import type { Btf } from './btf.ts';
import { type Codec, codecOf } from './codec.ts';
import { compareLayouts } from './compare-layouts.ts';
import { type Layout, nameOf } from './layout.ts';
import { layoutOf } from './layout-of.ts';
import { parseBtf } from './parse-btf.ts';
import { UnrepresentableError } from './unrepresentable-error.ts';

/** How a map is read and written. */
export interface MapCodecs {
  readonly key: Codec<unknown>;
  readonly value: Codec<unknown>;
  readonly inner?: MapCodecs;
}

/** Maps by name, as the generator writes them. */
export type MapRegistry = Readonly<Record<string, MapCodecs>>;

/** e.g. "map flows: struct flow.port: offset 20, expected 18" */
export class LayoutMismatchError extends Error {
  override readonly name = 'LayoutMismatchError';
  readonly map: string;

  constructor(map: string, difference: string) {
    super(`map ${map}: ${difference}`);
    this.map = map;
  }
}

/** Map types for which the kernel keeps no BTF, so that sizes are all there is to compare. */
const WITHOUT_BTF = new Set([
  'array_of_maps',
  'hash_of_maps',
  'prog_array',
  'perf_event_array',
  'cgroup_array',
  'stack_trace',
  'devmap',
  'devmap_hash',
  'cpumap',
  'xskmap',
  'sockmap',
  'sockhash',
]);

/**
 * Checks each map against the registry; `btfById` is libbpf-ts's.
 * @throws LayoutMismatchError for the first map that is not in the registry, differs or cannot be compared.
 */
export function verifyMaps(
  registry: MapRegistry,
  maps: Iterable<readonly [name: string, map: Pick<BpfMap, 'info'>]>,
  btfById: (id: number) => Uint8Array,
): void {
  const parsed = new Map<number, Btf>();
  for (const [name, map] of maps) {
    const { btfId } = map.info;
    if (btfId !== 0 && !parsed.has(btfId)) parsed.set(btfId, parseBtf(btfById(btfId)));
    const expected = registry[name];
    const difference = expected ? mapDifference(expected, map, parsed.get(btfId)) : 'not in the registry';
    if (difference !== undefined) throw new LayoutMismatchError(name, difference);
  }
}

/**
 * The first difference between what is expected and what the map's BTF says; undefined when there is none.
 * @param btf parsed from `btfById(map.info.btfId)`, undefined when the id is 0
 */
export function mapDifference(
  { key, value }: MapCodecs,
  { info }: Pick<BpfMap, 'info'>,
  btf: Btf | undefined,
): string | undefined {
  const keyTypes = btf && typeDifference('key', key.layout, btf, info.btfKeyTypeId);
  const types = keyTypes ?? (btf && typeDifference('value', value.layout, btf, info.btfValueTypeId));
  if (types !== undefined) return types;
  const sizes = sizeDifference('keys', info.keySize, key) ?? sizeDifference('values', info.valueSize, value);
  if (sizes !== undefined || btf !== undefined || WITHOUT_BTF.has(info.typeName)) return sizes;
  return 'carries no BTF, its layout cannot be compared';
}

function typeDifference(what: string, expected: Layout, btf: Btf, typeId: number): string | undefined {
  if (typeId === 0) return `carries no ${what} type, expected ${nameOf(expected)}`;
  try {
    return compareLayouts(expected, layoutOf(btf, typeId));
  } catch (error) {
    if (error instanceof UnrepresentableError) return error.message;
    throw error;
  }
}

function sizeDifference(what: string, size: number, expected: Codec<unknown>): string | undefined {
  if (size === expected.size) return undefined;
  return `${what} are ${size} bytes, expected ${expected.size} (${nameOf(expected.layout)})`;
}

/** A registry entry from layouts, for programs without generated code. */
export function mapCodecs(layouts: { readonly key: Layout; readonly value: Layout }): MapCodecs {
  return { key: codecOf(layouts.key), value: codecOf(layouts.value) };
}
