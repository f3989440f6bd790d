// SPDX-License-Identifier: MIT
// The vocabulary of BTF (BPF Type Format): the nineteen kinds and what can be asked of a parsed blob.
// Parsing is in parse-btf.ts, the meaning of a type in memory in layout-of.ts.

export interface BtfMember {
  readonly name: string;
  readonly type: number;
  /** From the start of the struct, in bits. */
  readonly bitOffset: number;
  /** Bits of a bitfield; 0 for an ordinary member. */
  readonly bitSize: number;
}

export interface BtfVariable {
  readonly type: number;
  /** In bytes from the start of the section; 0 until the object is linked or loaded. */
  readonly offset: number;
  readonly size: number;
}

interface Composite {
  readonly name: string;
  readonly size: number;
  readonly members: readonly BtfMember[];
}

type Reference = 'typedef' | 'volatile' | 'const' | 'restrict' | 'ptr' | 'type_tag' | 'func' | 'var';

/** One type. `type`, `element`, ... are ids: indexes into {@link Btf.types}. Id 0 is void. */
export type BtfType =
  | { readonly kind: 'void'; readonly name: '' }
  | {
      readonly kind: 'int';
      readonly name: string;
      readonly size: number;
      readonly bits: number;
      readonly bitOffset: number;
      readonly signed: boolean;
      readonly bool: boolean;
    }
  | { readonly kind: Reference; readonly name: string; readonly type: number }
  | { readonly kind: 'array'; readonly name: string; readonly element: number; readonly length: number }
  | ({ readonly kind: 'struct' } & Composite)
  | ({ readonly kind: 'union' } & Composite)
  | {
      readonly kind: 'enum';
      readonly name: string;
      readonly size: number;
      readonly signed: boolean;
      readonly values: readonly { readonly name: string; readonly value: number }[];
    }
  | {
      readonly kind: 'enum64';
      readonly name: string;
      readonly size: number;
      readonly signed: boolean;
      readonly values: readonly { readonly name: string; readonly value: bigint }[];
    }
  | { readonly kind: 'fwd'; readonly name: string }
  | { readonly kind: 'func_proto'; readonly name: string; readonly type: number }
  | {
      readonly kind: 'datasec';
      readonly name: string;
      readonly size: number;
      readonly variables: readonly BtfVariable[];
    }
  | { readonly kind: 'float'; readonly name: string; readonly size: number }
  | { readonly kind: 'decl_tag'; readonly name: string; readonly type: number; readonly component: number };

export type BtfKind = BtfType['kind'];
export type BtfOf<K extends BtfKind> = BtfType & { readonly kind: K };

/** What a map's definition in the `.maps` section says. Type ids are 0 where the definition names no type. */
export interface MapTypes {
  readonly key: number;
  readonly value: number;
  /** `BPF_MAP_TYPE_*`, 0 when the definition has none. */
  readonly type: number;
  readonly maxEntries: number;
  /** Of a map that holds maps: what the held maps look like. */
  readonly inner?: MapTypes;
}

export interface Btf {
  /** True for BTF of a big-endian target: its plain integers are big-endian too. */
  readonly bigEndian: boolean;
  readonly types: readonly BtfType[];
  /** The first type of that kind and name. */
  find(kind: BtfKind, name: string): number | undefined;
  /** Names in the `.maps` section, in the order of their definition. */
  mapNames(): string[];
  /** The definition of a map, by its full name; `outer.inner` is what `outer` holds. */
  mapTypes(mapName: string): MapTypes | undefined;
  /** `btf_decl_tag` texts of a struct (or variable, ...) by member; '' is the type itself. */
  declTags(typeId: number): Map<string, string[]>;
}

/** The bytes are not BTF, or not whole. */
export class BtfError extends Error {
  override readonly name = 'BtfError';
}

/** The type with that id; a {@link BtfError} when there is none. */
export function typeAt(btf: Btf, id: number): BtfType {
  const type = btf.types[id];
  if (type === undefined) throw new BtfError(`BTF has no type ${id} (it has ${btf.types.length})`);
  return type;
}
