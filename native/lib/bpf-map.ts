// SPDX-License-Identifier: MIT
// Contract of BpfMap, which is implemented in src/map*.cpp.
import type { MapTypeName } from './map-type.ts';
import type { Program } from './program.ts';

export interface MapInfo {
  id: number;
  /** `BPF_MAP_TYPE_*` */
  type: number;
  /** The type's name in lower case, as libbpf and bpftool write it; `type<N>` for one that this libbpf does not know. */
  typeName: MapTypeName | (string & {});
  /** The kernel's name: at most 15 characters. */
  name: string;
  /** Bytes. */
  keySize: number;
  /** Bytes, for per-CPU maps of one CPU's value. */
  valueSize: number;
  maxEntries: number;
  /** `BPF_F_*` */
  flags: number;
  perCpu: boolean;
  /** Bytes that `get` returns and `set` takes: `valueSize`, or for per-CPU maps `valueSize` rounded up to 8 × `possibleCpus()`. */
  valueStride: number;
  /** For `btfById()`; 0 when the map has no types. */
  btfId: number;
  btfKeyTypeId: number;
  btfValueTypeId: number;
}

/** Types for a new map: from BTF that is in the kernel (`id`) or a raw blob (`data`). */
export type MapTypes = ({ id: number } | { data: Uint8Array }) & { keyTypeId: number; valueTypeId: number };

export interface MapCreate {
  /** Letters, digits, `_` and `.`; the kernel keeps 15 characters. */
  name: string;
  type: MapTypeName;
  keySize: number;
  valueSize: number;
  maxEntries: number;
  /** `BPF_F_*` */
  flags?: number;
  btf?: MapTypes;
  /** The template of the maps inside, for `array_of_maps` and `hash_of_maps`. */
  inner?: BpfMap;
}

/** `any`: create or replace; `noexist`: EEXIST if it is there; `exist`: ENOENT if it is not. */
export type UpdateMode = 'any' | 'noexist' | 'exist';

export interface MapBatch {
  /** `count` keys one after another. */
  keys: Uint8Array;
  /** `count` values of `valueStride` bytes. */
  values: Uint8Array;
  count: number;
  /** For the next call; `undefined` when there is no more. */
  cursor: Uint8Array | undefined;
}

/**
 * A kernel map as bytes. Keys are `keySize` long and values `valueStride`, or the call throws RangeError. Values of
 * maps in maps and of program arrays are set from a handle and read as a 4-byte id in host order.
 */
export declare class BpfMap {
  private constructor();

  /** EPERM on writes through a read-only handle; EINVAL if the pin is no map. */
  static openPin(path: string, options?: { readOnly?: boolean }): BpfMap;
  static openId(id: number): BpfMap;
  static create(definition: MapCreate): BpfMap;

  readonly info: MapInfo;
  readonly fd: number;

  /** `undefined` when the key is not there. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** A full hash map throws E2BIG, a full trie ENOSPC. */
  set(key: Uint8Array, value: Uint8Array | BpfMap | Program, mode?: UpdateMode): void;
  /** `false` when the key was not there. */
  delete(key: Uint8Array): boolean;
  /** The key after `key`, the first one without or when `key` is gone; `undefined` after the last. */
  nextKey(key?: Uint8Array): Uint8Array | undefined;

  /**
   * Up to `count` entries, more only when one bucket of a hash map holds more. Entries that are added or deleted
   * meanwhile may be missed; no other entry is.
   */
  getBatch(cursor: Uint8Array | undefined, count: number): MapBatch;
  /** Returns `count`; on an error, its `done` says how many entries from the front are set. */
  setBatch(keys: Uint8Array, values: Uint8Array, count: number, mode?: UpdateMode): number;
  /** Returns how many were deleted; keys that are not there are passed over. */
  deleteBatch(keys: Uint8Array, count: number): number;

  /** Pins to a path in a bpf file system; the pin is removed like any file. EEXIST if it is there. */
  pin(path: string): void;
  /** No more writes from user space, for good. */
  freeze(): void;

  /** Idempotent. The map itself lives on as long as a program, pin or other handle refers to it. */
  close(): void;
  [Symbol.dispose](): void;
}
