// SPDX-License-Identifier: MIT
// A per-CPU BPF map with JavaScript keys and values: one value per possible CPU, or their sum.
import type { BpfMap, UpdateMode } from 'libbpf-ts';
import { type Adder, adderOf } from './adder.ts';
import type { Btf } from './btf.ts';
import { type Codec, codecOf } from './codec.ts';
import { KeyedMap, viewOf } from './keyed-map.ts';
import { mapLayouts } from './map-layouts.ts';

export class PerCpuMap<K, V> extends KeyedMap<K, V> implements Iterable<[K, V[]]> {
  /** Values per key: CPUs there can ever be, not those that are running. */
  readonly cpus: number;
  readonly #step: number;
  #add: Adder | undefined;

  /** @throws RangeError when the codecs' sizes are not the map's; TypeError when the map is not per-CPU. */
  constructor(map: BpfMap, key: Codec<K>, value: Codec<V>) {
    super(map, key, value);
    if (!this.info.perCpu) throw new TypeError(`map ${this.name}: type ${this.info.typeName} is not per-CPU`);
    this.#step = Math.ceil(value.size / 8) * 8; // the kernel aligns each CPU's value to 8 bytes
    this.cpus = this.info.valueStride / this.#step;
  }

  /** With the layouts found in the object's BTF; see TypedMap.fromBtf. */
  static fromBtf<K, V>(map: BpfMap, btf: Btf, name: string = map.info.name): PerCpuMap<K, V> {
    const { key, value } = mapLayouts(btf, name);
    return new PerCpuMap(map, codecOf<K>(key), codecOf<V>(value));
  }

  /** The values by CPU number. */
  get(key: K): V[] | undefined {
    const values = this.map.get(this.encodeKey(key));
    return values && this.#decode(viewOf(values), 0);
  }

  /**
   * Integers added up over the CPUs, field by field. Sums do not wrap: of 32-bit fields they can pass 2^32.
   * @throws UnrepresentableError when a field is text, bytes, enum or bool.
   */
  sum(key: K): V | undefined {
    const values = this.map.get(this.encodeKey(key));
    return values && this.#sum(viewOf(values), 0);
  }

  /** @throws RangeError unless there is one value per possible CPU. */
  set(key: K, perCpu: readonly V[], mode?: UpdateMode): void {
    if (perCpu.length !== this.cpus)
      throw new RangeError(`map ${this.name}: ${this.cpus} values expected, one per CPU, got ${perCpu.length}`);
    const values = new Uint8Array(this.info.valueStride);
    const view = viewOf(values);
    perCpu.forEach((value, cpu) => {
      this.valueCodec.encode(value, view, cpu * this.#step);
    });
    this.map.set(this.encodeKey(key), values, mode);
  }

  /** The same value on every CPU. */
  fill(key: K, value: V, mode?: UpdateMode): void {
    this.set(key, new Array<V>(this.cpus).fill(value), mode);
  }

  *entries(batch?: number): IterableIterator<[K, V[]]> {
    for (const { keys, values, count } of this.rawBatches(batch))
      for (let i = 0; i < count; i++)
        yield [this.keyCodec.decode(keys, i * this.keyCodec.size), this.#decode(values, i * this.info.valueStride)];
  }

  /** Every key with its sum over the CPUs. */
  *sums(batch?: number): IterableIterator<[K, V]> {
    for (const { keys, values, count } of this.rawBatches(batch))
      for (let i = 0; i < count; i++)
        yield [this.keyCodec.decode(keys, i * this.keyCodec.size), this.#sum(values, i * this.info.valueStride)];
  }

  [Symbol.iterator](): IterableIterator<[K, V[]]> {
    return this.entries();
  }

  #decode(view: DataView, offset: number): V[] {
    return Array.from({ length: this.cpus }, (_, cpu) => this.valueCodec.decode(view, offset + cpu * this.#step));
  }

  #sum(view: DataView, offset: number): V {
    this.#add ??= adderOf(this.valueCodec.layout);
    const add = this.#add as (a: V, b: V) => V;
    let sum = this.valueCodec.decode(view, offset);
    for (let cpu = 1; cpu < this.cpus; cpu++) sum = add(sum, this.valueCodec.decode(view, offset + cpu * this.#step));
    return sum;
  }
}
