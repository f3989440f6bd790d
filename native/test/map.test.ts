// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BpfMap, BpfObject, btfById, possibleCpus } from '../lib/index.ts';
import { counted, frame, readU32, thrown, u32, u64 } from './bytes.ts';
import { compile } from './lab.ts';

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compile('xdp'));
  object.load();
});
afterEach(() => object.close());

const KEY = new Uint8Array([10, 0, 0, 1, 0, 80, 0, 0]);
const MISSING = new Uint8Array(8).fill(9);

describe('a hash map', () => {
  test('returns what was set', () => {
    const map = object.map('endpoints');
    map.set(KEY, u64(42));
    expect(map.get(KEY)).toEqual(u64(42));
    expect(map.get(MISSING)).toBeUndefined();
  });

  test('takes parts of larger buffers', () => {
    const map = object.map('endpoints');
    const large = new Uint8Array(24).fill(1);
    map.set(large.subarray(3, 11), Buffer.from(u64(7)));
    expect(map.get(new Uint8Array(8).fill(1))).toEqual(u64(7));
  });

  test('deletes, and says whether there was something', () => {
    const map = object.map('endpoints');
    map.set(KEY, u64(1));
    expect([map.delete(KEY), map.delete(KEY)]).toEqual([true, false]);
  });

  test('sets by mode', () => {
    const map = object.map('endpoints');
    expect(() => map.set(KEY, u64(1), 'exist')).toThrow('map set endpoints: No such file or directory (ENOENT)');
    map.set(KEY, u64(1), 'noexist');
    expect(() => map.set(KEY, u64(2), 'noexist')).toThrow('map set endpoints: File exists (EEXIST)');
    map.set(KEY, u64(3), 'exist');
    expect(map.get(KEY)).toEqual(u64(3));
    expect(() => map.set(KEY, u64(3), 'never' as never)).toThrow('mode must be any, noexist or exist, got never');
  });

  test('walks all its keys', () => {
    const map = object.map('endpoints');
    for (let i = 0; i < 50; i++) map.set(u32(i, i), u64(i));
    const seen = new Set<number | undefined>();
    for (let key = map.nextKey(); key; key = map.nextKey(key)) seen.add(readU32(key));
    expect(seen.size).toBe(50);
  });

  test('says when it is full', () => {
    const map = BpfMap.create({ name: 'tiny', type: 'hash', keySize: 4, valueSize: 4, maxEntries: 2 });
    map.set(u32(1), u32(1));
    map.set(u32(2), u32(2));
    expect(() => map.set(u32(3), u32(3))).toThrow('map set tiny: Argument list too long (E2BIG)');
    map.close();
  });
});

describe('lengths and types', () => {
  test.each([0, 7, 9, 4096])('a key of %i bytes is refused by name', (length) => {
    const map = object.map('endpoints');
    const key = new Uint8Array(length);
    const message = `map endpoints: key must be 8 bytes, got ${length}`;
    for (const call of [
      () => map.get(key),
      () => map.set(key, u64(1)),
      () => map.delete(key),
      () => map.nextKey(key),
    ]) {
      expect(call).toThrow(new RangeError(message));
    }
  });

  test.each([0, 4, 16])('a value of %i bytes is refused by name', (length) => {
    const set = () => object.map('endpoints').set(KEY, new Uint8Array(length));
    expect(set).toThrow(new RangeError(`map endpoints: value must be 8 bytes, got ${length}`));
  });

  test('a per-CPU value of one CPU is refused where there are several', () => {
    const { valueStride } = object.map('counters').info;
    expect(valueStride).toBe(8 * possibleCpus());
    const set = () => object.map('counters').set(u32(0), new Uint8Array(valueStride + 8));
    expect(set).toThrow(`map counters: value must be ${valueStride} bytes, got ${valueStride + 8}`);
  });

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [8, '8'],
    ['12345678', 'a string'],
    [new Uint16Array(4), 'another kind of typed array'],
    [new ArrayBuffer(8), 'an object'],
  ])('a key that is %o is refused', (key, what) => {
    const get = () => object.map('endpoints').get(key as never);
    expect(get).toThrow(new TypeError(`map endpoints: key must be a Uint8Array, got ${what}`));
  });

  test('a key whose buffer was transferred away is refused', () => {
    const buffer = new ArrayBuffer(8);
    const key = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    expect(() => object.map('endpoints').get(key)).toThrow('key must be 8 bytes, got 0');
  });
});

describe('other types', () => {
  test('an array has all its entries from the start', () => {
    const map = object.map('slots');
    expect(map.get(u32(15))).toEqual(u64(0));
    expect(map.get(u32(16))).toBeUndefined();
    expect(thrown(() => map.delete(u32(1)))).toMatchObject({ code: 'EINVAL', object: 'slots' });
    expect(thrown(() => map.set(u32(16), u64(1)))).toMatchObject({ code: 'E2BIG' });
  });

  test('a per-CPU array has one slot of 8 bytes per CPU', () => {
    const map = object.map('counters');
    expect(map.info).toMatchObject({ perCpu: true, valueSize: 4, typeName: 'percpu_array' });
    const values = new Uint8Array(map.info.valueStride).fill(0);
    for (let cpu = 0; cpu < possibleCpus(); cpu++) values.set(u32(cpu + 1), cpu * 8);
    map.set(u32(2), values);
    expect(map.get(u32(2))).toEqual(values);
  });

  test('a per-CPU array counts what a program counts', () => {
    object.program('drop').testRun({ data: frame(60), repeat: 10 });
    expect(counted(object, 1)).toBe(10);
  });

  test('a trie finds the longest prefix', () => {
    const map = object.map('prefixes');
    map.set(new Uint8Array([...u32(8), 10, 0, 0, 0]), u32(8));
    map.set(new Uint8Array([...u32(24), 10, 0, 0, 0]), u32(24));
    expect(map.get(new Uint8Array([...u32(32), 10, 0, 0, 7]))).toEqual(u32(24));
    expect(map.get(new Uint8Array([...u32(32), 10, 9, 0, 7]))).toEqual(u32(8));
    expect(map.get(new Uint8Array([...u32(32), 11, 0, 0, 7]))).toBeUndefined();
  });

  test('an array of maps takes a map and gives its id', () => {
    const inner = BpfMap.create({ name: 'inner', type: 'array', keySize: 4, valueSize: 4, maxEntries: 2 });
    const map = object.map('tables');
    map.set(u32(1), inner);
    expect(readU32(map.get(u32(1)))).toBe(inner.info.id);
    expect(map.get(u32(0))).toBeUndefined();
    const again = BpfMap.openId(readU32(map.get(u32(1))));
    inner.set(u32(1), u32(77));
    expect(again.get(u32(1))).toEqual(u32(77));
    again.close();
    inner.close();
  });

  test('an array of maps is created from an inner map', () => {
    const inner = BpfMap.create({ name: 'inner', type: 'hash', keySize: 4, valueSize: 4, maxEntries: 2 });
    const shape = { type: 'array_of_maps', keySize: 4, valueSize: 4, maxEntries: 1 } as const;
    const outer = BpfMap.create({ name: 'outer', ...shape, inner });
    outer.set(u32(0), inner);
    expect(readU32(outer.get(u32(0)))).toBe(inner.info.id);
    outer.close();
    inner.close();
  });

  test('a program array takes a program, to which another one jumps', () => {
    const jump = object.program('jump');
    expect(jump.testRun({ data: frame(60) }).returnValue).toBe(0);
    object.map('steps').set(u32(0), object.program('drop'));
    expect(jump.testRun({ data: frame(60) }).returnValue).toBe(1);
  });

  test('a map is no value for a map of other values', () => {
    const set = () => object.map('slots').set(u32(0), object.map('endpoints'));
    expect(set).toThrow('map slots: value must be 8 bytes, a map or program needs a map of 4-byte values');
  });

  test('a queue has no keys', () => {
    const map = BpfMap.create({ name: 'queue', type: 'queue', keySize: 0, valueSize: 4, maxEntries: 2 });
    const none = new Uint8Array(0);
    expect(map.get(none)).toBeUndefined();
    map.set(none, u32(5));
    expect(map.get(none)).toEqual(u32(5));
    map.close();
  });
});

describe('a map by itself', () => {
  test('is created with what was asked for', () => {
    const map = BpfMap.create({ name: 'lru', type: 'lru_hash', keySize: 4, valueSize: 8, maxEntries: 64, flags: 0 });
    expect(map.info).toMatchObject({
      name: 'lru',
      typeName: 'lru_hash',
      type: 9,
      keySize: 4,
      valueSize: 8,
      maxEntries: 64,
    });
    expect(map.info).toMatchObject({ flags: 0, perCpu: false, valueStride: 8, btfId: 0 });
    map.close();
  });

  test('is created with types from the kernel or from a blob', () => {
    const { btfId: id, btfKeyTypeId: keyTypeId, btfValueTypeId: valueTypeId } = object.map('slots').info;
    const shape = { name: 'typed', type: 'array', keySize: 4, valueSize: 8, maxEntries: 1 } as const;
    const shared = BpfMap.create({ ...shape, btf: { id, keyTypeId, valueTypeId } });
    expect(shared.info).toMatchObject({ btfId: id, btfKeyTypeId: keyTypeId });
    const own = BpfMap.create({ ...shape, btf: { data: btfById(id), keyTypeId, valueTypeId } });
    expect(own.info.btfValueTypeId).toBe(valueTypeId);
    expect(own.info.btfId).not.toBe(id);
    shared.close();
    own.close();
  });

  test('is not created from nonsense', () => {
    const shape = { name: 'x', type: 'hash', keySize: 4, valueSize: 4, maxEntries: 1 } as const;
    expect(() => BpfMap.create({ ...shape, type: 'heap' as never })).toThrow(/^type must be the name of a map type/);
    expect(() => BpfMap.create({ ...shape, keySize: -1 })).toThrow('keySize must be an integer from 0 to 4294967295');
    expect(() => BpfMap.create({ ...shape, maxEntries: 1.5 })).toThrow(RangeError);
    expect(() => BpfMap.create({ ...shape, valueSize: undefined as never })).toThrow(TypeError);
    expect(thrown(() => BpfMap.create({ ...shape, maxEntries: 0 }))).toMatchObject({ code: 'EINVAL', object: 'x' });
    expect(() => BpfMap.create(undefined as never)).toThrow('definition must be an object, got undefined');
  });

  test('is found by its id', () => {
    const map = BpfMap.openId(object.map('slots').info.id);
    map.set(u32(0), u64(5));
    expect(object.map('slots').get(u32(0))).toEqual(u64(5));
    expect(map.info.name).toBe('slots');
    map.close();
    expect(thrown(() => BpfMap.openId(0))).toMatchObject({ code: 'ENOENT', operation: 'map openId' });
  });

  test('takes no more writes once frozen', () => {
    const map = BpfMap.create({ name: 'ice', type: 'array', keySize: 4, valueSize: 4, maxEntries: 1 });
    map.freeze();
    expect(() => map.set(u32(0), u32(1))).toThrow('map set ice: Operation not permitted (EPERM)');
    map.close();
  });
});
