// SPDX-License-Identifier: MIT
// A BPF map with JavaScript keys and values, in the manner of Map. Per-CPU maps are in per-cpu-map.ts.
import type { BpfMap, UpdateMode } from 'libbpf-ts';
import type { Btf } from './btf.ts';
import { type Codec, codecOf } from './codec.ts';
import { KeyedMap, viewOf } from './keyed-map.ts';
import { mapLayouts } from './map-layouts.ts';
import { DEFAULT_BATCH, scanSlots } from './scan.ts';

/**
 * Hash, array, LRU and LPM maps, and anything else with keys that is not per-CPU. In a map of maps the values read are
 * the ids of the maps inside (for `BpfMap.openId`), and `setMap` sets them.
 */
export class TypedMap<K, V> extends KeyedMap<K, V> implements Iterable<[K, V]> {
  readonly #value: Uint8Array;
  readonly #valueView: DataView;

  /** @throws RangeError when the codecs' sizes are not the map's; TypeError for maps without keys and per-CPU maps. */
  constructor(map: BpfMap, key: Codec<K>, value: Codec<V>) {
    super(map, key, value);
    if (this.info.perCpu) throw new TypeError(`map ${this.name}: type ${this.info.typeName}, open it as PerCpuMap`);
    this.#value = new Uint8Array(value.size);
    this.#valueView = viewOf(this.#value);
  }

  /**
   * With the layouts found in the object's BTF. `name` is the map's name in the object where the kernel's differs;
   * `outer.inner` for a map held by `outer`.
   * @throws UnrepresentableError naming map and field, BtfError when the BTF has no such map.
   */
  static fromBtf<K, V>(map: BpfMap, btf: Btf, name: string = map.info.name): TypedMap<K, V> {
    const { key, value } = mapLayouts(btf, name);
    return new TypedMap(map, codecOf<K>(key), codecOf<V>(value));
  }

  get(key: K): V | undefined {
    const value = this.map.get(this.encodeKey(key));
    return value && this.valueCodec.decode(viewOf(value), 0);
  }

  /** `mode` `noexist` creates only, `exist` replaces only; BpfError EEXIST or ENOENT otherwise. */
  set(key: K, value: V, mode?: UpdateMode): void {
    this.valueCodec.encode(value, this.#valueView, 0);
    this.map.set(this.encodeKey(key), this.#value, mode);
  }

  /** Puts a map into a map of maps. */
  setMap(key: K, inner: BpfMap, mode?: UpdateMode): void {
    this.map.set(this.encodeKey(key), inner, mode);
  }

  /** Sets in batches; returns how many. On a BpfError the entries before the one refused are set. */
  setMany(entries: Iterable<readonly [K, V]>, mode?: UpdateMode): number {
    const keys = new Uint8Array(DEFAULT_BATCH * this.keyCodec.size);
    const values = new Uint8Array(DEFAULT_BATCH * this.valueCodec.size);
    const views = { keys: viewOf(keys), values: viewOf(values) };
    let set = 0;
    let count = 0;
    for (const [key, value] of entries) {
      this.keyCodec.encode(key, views.keys, count * this.keyCodec.size);
      this.valueCodec.encode(value, views.values, count * this.valueCodec.size);
      if (++count < DEFAULT_BATCH) continue;
      set += this.map.setBatch(keys, values, count, mode);
      count = 0;
    }
    return count === 0 ? set : set + this.map.setBatch(keys, values, count, mode);
  }

  /** Every entry, decoded one by one from batches of that many: an array's in order, a hash map's in no order. */
  *entries(batch?: number): IterableIterator<[K, V]> {
    for (const { keys, values, count } of this.rawBatches(batch))
      for (let i = 0; i < count; i++)
        yield [
          this.keyCodec.decode(keys, i * this.keyCodec.size),
          this.valueCodec.decode(values, i * this.valueCodec.size),
        ];
  }

  *values(batch?: number): IterableIterator<V> {
    for (const { values, count } of this.rawBatches(batch))
      for (let i = 0; i < count; i++) yield this.valueCodec.decode(values, i * this.valueCodec.size);
  }

  /**
   * Of an array, the values of these slots alone, a system call for all of them.
   * @throws RangeError when it has fewer.
   */
  *slots(first: number, count: number): IterableIterator<V> {
    for (const { values, count: entries } of scanSlots(this.map, this.info, first, count))
      for (let i = 0; i < entries; i++) yield this.valueCodec.decode(viewOf(values), i * this.valueCodec.size);
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }
}
