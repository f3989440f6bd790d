// SPDX-License-Identifier: MIT
// What typed maps have in common, whatever their values are: keys, counting, deleting, raw batches.
import type { BpfMap, MapInfo } from 'libbpf-ts';
import type { Codec } from './codec.ts';
import { nameOf } from './layout.ts';
import { DEFAULT_BATCH, type RawBatch, scan } from './scan.ts';

/** Entries still encoded: key `i` at `i * keySize`, value `i` at `i * valueStride` of the map's info. */
export interface ViewBatch {
  readonly keys: DataView;
  readonly values: DataView;
  readonly count: number;
}

export abstract class KeyedMap<K, V> {
  /** Not owned: closing it is the caller's. */
  readonly map: BpfMap;
  /** The kernel's name: at most 15 characters. */
  readonly name: string;
  /** Entries it can hold. */
  readonly capacity: number;
  protected readonly info: MapInfo;
  protected readonly keyCodec: Codec<K>;
  protected readonly valueCodec: Codec<V>;
  readonly #key: Uint8Array;
  readonly #keyView: DataView;

  /** @throws RangeError when the codecs' sizes are not the map's, TypeError for maps without keys. */
  protected constructor(map: BpfMap, key: Codec<K>, value: Codec<V>) {
    this.map = map;
    this.info = map.info;
    this.name = this.info.name;
    this.capacity = this.info.maxEntries;
    if (this.info.keySize === 0) throw new TypeError(`map ${this.name}: type ${this.info.typeName} has no keys`);
    this.#checkSize('keys', this.info.keySize, key);
    this.#checkSize('values', this.info.valueSize, value);
    this.keyCodec = key;
    this.valueCodec = value;
    this.#key = new Uint8Array(key.size);
    this.#keyView = viewOf(this.#key);
  }

  has(key: K): boolean {
    return this.map.get(this.encodeKey(key)) !== undefined;
  }

  /** False when there was no such entry. Arrays cannot delete: BpfError EINVAL. */
  delete(key: K): boolean {
    return this.map.delete(this.encodeKey(key));
  }

  /** Deletes in batches; returns how many there were to delete. */
  deleteMany(keys: Iterable<K>): number {
    const batch = new Uint8Array(DEFAULT_BATCH * this.keyCodec.size);
    const view = viewOf(batch);
    let deleted = 0;
    let count = 0;
    for (const key of keys) {
      this.keyCodec.encode(key, view, count++ * this.keyCodec.size);
      if (count < DEFAULT_BATCH) continue;
      deleted += this.map.deleteBatch(batch, count);
      count = 0;
    }
    return count === 0 ? deleted : deleted + this.map.deleteBatch(batch, count);
  }

  /** Deletes what is there now; the slots of an array are set to zero instead. */
  clear(): void {
    for (const { keys, values, count } of this.#scan(DEFAULT_BATCH)) {
      if (this.#isArray) this.map.setBatch(keys, values.fill(0), count);
      else this.map.deleteBatch(keys, count);
    }
  }

  /** Entries there are: counted by walking the map without decoding; of an array, all its slots. */
  get size(): number {
    if (this.#isArray) return this.capacity;
    let size = 0;
    for (const { count } of this.#scan(DEFAULT_BATCH)) size += count;
    return size;
  }

  /** Every key, decoded one by one from batches of that many entries. */
  *keys(batch?: number): IterableIterator<K> {
    const { size } = this.keyCodec;
    for (const { keys, count } of this.rawBatches(batch))
      for (let i = 0; i < count; i++) yield this.keyCodec.decode(keys, i * size);
  }

  /** Every entry as bytes: the cheapest way to look at one field of a million entries. */
  *rawBatches(count?: number): IterableIterator<ViewBatch> {
    for (const { keys, values, count: entries } of this.#scan(count))
      yield { keys: viewOf(keys), values: viewOf(values), count: entries };
  }

  /** Into a buffer that the next call overwrites: the kernel copies it before the call returns. */
  protected encodeKey(key: K): Uint8Array {
    this.keyCodec.encode(key, this.#keyView, 0);
    return this.#key;
  }

  #scan(count?: number): Generator<RawBatch> {
    return scan(this.map, this.info, count);
  }

  get #isArray(): boolean {
    return this.info.typeName === 'array' || this.info.typeName === 'percpu_array';
  }

  #checkSize(what: string, size: number, codec: Codec<unknown>): void {
    if (size === codec.size) return;
    throw new RangeError(`map ${this.name}: ${what} are ${size} bytes, ${nameOf(codec.layout)} has ${codec.size}`);
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
