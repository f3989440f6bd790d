// SPDX-License-Identifier: MIT
import { afterEach, describe, expect, test } from 'vitest';
import { BpfMap, type MapTypeName, possibleCpus } from '../lib/index.ts';
import { readU32, readU64, thrown, u32, u64 } from './bytes.ts';

const opened: BpfMap[] = [];
afterEach(() => {
  for (const map of opened.splice(0)) map.close();
});

function create(type: MapTypeName, maxEntries: number, keySize = 4, flags = 0): BpfMap {
  const map = BpfMap.create({ name: 'batch', type, keySize, valueSize: 8, maxEntries, flags });
  opened.push(map);
  return map;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** All entries, by batches of `count`. */
function readAll(map: BpfMap, count: number): Map<number, number> {
  const { keySize, valueStride } = map.info;
  const entries = new Map<number, number>();
  let cursor: Uint8Array | undefined;
  do {
    const batch = map.getBatch(cursor, count);
    expect(batch.keys.length).toBe(batch.count * keySize);
    expect(batch.values.length).toBe(batch.count * valueStride);
    for (let i = 0; i < batch.count; i++) {
      const key = readU32(batch.keys.subarray((i + 1) * keySize - 4));
      entries.set(key, readU64(batch.values.subarray(i * valueStride)));
    }
    cursor = batch.cursor;
  } while (cursor);
  return entries;
}

const squares = (count: number): Map<number, number> => new Map(range(count).map((i) => [i, i * i]));

describe.each([1, 7, 100, 1000, 100_000])('reading by batches of %i', (count) => {
  test('a hash map yields every entry once, even when a bucket holds more than a batch', () => {
    const map = create('hash', 1000);
    map.setBatch(u32(...range(1000)), u64(...range(1000).map((i) => i * i)), 1000);
    expect(readAll(map, count)).toEqual(squares(1000));
  });

  test('an array yields every entry once', () => {
    const map = create('array', 300);
    map.setBatch(u32(...range(300)), u64(...range(300).map((i) => i * i)), 300);
    expect(readAll(map, count)).toEqual(squares(300));
  });

  test('a trie yields every entry once', () => {
    const map = create('lpm_trie', 300, 8, 1);
    for (const i of range(300)) map.set(u32(32, i), u64(i * i));
    expect(readAll(map, count)).toEqual(squares(300));
  });

  test('a per-CPU hash map yields every entry once', () => {
    const map = create('percpu_hash', 300);
    const values = range(300).flatMap((i) => range(possibleCpus()).map(() => i * i));
    map.setBatch(u32(...range(300)), u64(...values), 300);
    expect(readAll(map, count)).toEqual(squares(300));
  });
});

describe('reading by batches', () => {
  test('an empty map has no entries and no cursor', () => {
    expect(create('hash', 8).getBatch(undefined, 100)).toEqual({
      keys: new Uint8Array(0),
      values: new Uint8Array(0),
      count: 0,
      cursor: undefined,
    });
  });

  test('maps in maps come as ids, without the empty slots', () => {
    const inner = create('array', 1);
    const shape = { type: 'array_of_maps', keySize: 4, valueSize: 4, maxEntries: 5 } as const;
    const outer = BpfMap.create({ name: 'outer', ...shape, inner });
    opened.push(outer);
    outer.set(u32(1), inner);
    outer.set(u32(3), inner);
    const found: number[] = [];
    let cursor: Uint8Array | undefined;
    do {
      const batch = outer.getBatch(cursor, 1);
      for (let i = 0; i < batch.count; i++) found.push(readU32(batch.keys, i), readU32(batch.values, i));
      cursor = batch.cursor;
    } while (cursor);
    expect(found).toEqual([1, inner.info.id, 3, inner.info.id]);
  });

  test('needs a count and a cursor of the right size', () => {
    const map = create('hash', 8, 8);
    expect(() => map.getBatch(undefined, 0)).toThrow(new RangeError('count must be at least 1, got 0'));
    expect(() => map.getBatch(new Uint8Array(4), 1)).toThrow(new RangeError('cursor must be 8 bytes, got 4'));
    expect(() => map.getBatch(undefined, undefined as never)).toThrow(TypeError);
  });
});

describe('writing by batches', () => {
  test('returns how many', () => {
    const map = create('hash', 8);
    expect(map.setBatch(u32(1, 2, 3), u64(1, 4, 9), 3)).toBe(3);
    expect(map.setBatch(u32(), u64(), 0)).toBe(0);
    expect(map.get(u32(3))).toEqual(u64(9));
  });

  test('says how far it came when the map is full', () => {
    const map = create('hash', 4);
    const error = thrown(() => map.setBatch(u32(...range(6)), u64(...range(6)), 6));
    expect(error).toMatchObject({ operation: 'map setBatch', object: 'batch', code: 'E2BIG', done: 4 });
    expect(map.get(u32(3))).toEqual(u64(3));
  });

  test('knows the modes', () => {
    const map = create('hash', 8);
    map.set(u32(2), u64(1));
    const error = thrown(() => map.setBatch(u32(0, 1, 2), u64(5, 5, 5), 3, 'noexist'));
    expect(error).toMatchObject({ code: 'EEXIST', done: 2 });
    expect(map.setBatch(u32(0, 2), u64(6, 6), 2, 'exist')).toBe(2);
    expect(map.get(u32(2))).toEqual(u64(6));
  });

  test('works for a type without batches in the kernel', () => {
    const map = create('queue', 8, 0);
    expect(map.setBatch(new Uint8Array(0), u64(1, 2, 3), 3)).toBe(3);
    expect(map.get(new Uint8Array(0))).toEqual(u64(1));
  });

  test('refuses buffers that are too short', () => {
    const map = create('hash', 8);
    const short = 'map batch: values must be at least 16 bytes, got 8';
    expect(() => map.setBatch(u32(1, 2), u64(1), 2)).toThrow(new RangeError(short));
    expect(() => map.setBatch(u32(1), u64(1, 2), 2)).toThrow('keys must be at least 8 bytes, got 4');
    expect(() => map.deleteBatch(u32(1), 4294967295)).toThrow('keys must be at least 17179869180 bytes, got 4');
  });
});

describe('deleting by batches', () => {
  test('passes over keys that are not there', () => {
    const map = create('hash', 8);
    map.setBatch(u32(1, 2, 3), u64(1, 2, 3), 3);
    expect(map.deleteBatch(u32(9, 1, 8, 8, 3, 7), 6)).toBe(2);
    expect(map.deleteBatch(u32(), 0)).toBe(0);
    expect(readAll(map, 10)).toEqual(new Map([[2, 2]]));
  });

  test('says why it cannot', () => {
    expect(thrown(() => create('array', 4).deleteBatch(u32(1), 1))).toMatchObject({ code: 'EINVAL', done: 0 });
  });
});
