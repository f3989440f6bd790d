// SPDX-License-Identifier: MIT
// Typed maps on the running kernel: hash, array, LPM trie, map of maps; single entries and 200,000 in batches.
import { BpfError, BpfMap } from 'libbpf-ts';
import { afterEach, describe, expect, test } from 'vitest';
import { codecOf, PerCpuMap, TypedMap } from '../lib/index.ts';
import { type Book, type BookKey, bookCodec, bookKeyCodec, maps, type Prefix, type Shelf } from './generated/index.ts';
import { loadShapes } from './kernel.ts';
import { shapesBtf } from './shapes.ts';

const shapes = loadShapes();
const MANY = 200_000;

const blank: Book = bookCodec.decode(new DataView(new ArrayBuffer(bookCodec.size)), 0);

function key(number: number): BookKey {
  return { author: [number, 0x7f000001, 0, 0], volume: number % 65536, edition: number % 256 };
}

function book(number: number): Book {
  return {
    ...blank,
    pages: BigInt(number),
    title: `book ${number}`,
    state: number % 3,
    shelf: { ...blank.shelf, row: 7 },
  };
}

function* numbered(count: number): Generator<[BookKey, Book]> {
  for (let i = 0; i < count; i++) yield [key(i), book(i)];
}

describe('a hash map', () => {
  const books = (): TypedMap<BookKey, Book> => new TypedMap(shapes().map('books'), bookKeyCodec, bookCodec);
  afterEach(() => books().clear());

  test('gets, sets, has and deletes like a Map', () => {
    const map = books();
    expect(map.name).toBe('books');
    expect(map.capacity).toBe(262144);
    expect(map.get(key(1))).toBeUndefined();
    map.set(key(1), book(1));
    map.set(key(2), book(2));
    expect(map.get(key(1))).toEqual(book(1));
    expect(map.has(key(2))).toBe(true);
    expect(map.has(key(3))).toBe(false);
    expect(map.size).toBe(2);
    expect(map.delete(key(1))).toBe(true);
    expect(map.delete(key(1))).toBe(false);
    expect([...map]).toEqual([[key(2), book(2)]]);
  });

  test('creates only, or replaces only, when asked to', () => {
    const map = books();
    expect(() => map.set(key(1), book(1), 'exist')).toThrow(BpfError);
    map.set(key(1), book(1), 'noexist');
    expect(() => map.set(key(1), book(9), 'noexist')).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    map.set(key(1), book(2), 'exist');
    expect(map.get(key(1))).toEqual(book(2));
    expect(() => map.setMany([[key(1), book(3)]], 'noexist')).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(map.setMany([[key(2), book(3)]], 'noexist')).toBe(1);
  });

  test('sets, iterates and deletes 200,000 entries in batches', () => {
    const map = books();
    expect(map.setMany(numbered(MANY))).toBe(MANY);
    expect(map.size).toBe(MANY);

    const seen = new Set<number>();
    for (const [{ author, volume, edition }, value] of map) {
      const number = author[0] as number;
      seen.add(number);
      if (volume !== number % 65536 || edition !== number % 256) throw new Error(`key ${number} is wrong`);
      if (value.pages !== BigInt(number) || value.title !== `book ${number}`)
        throw new Error(`book ${number} is wrong`);
    }
    expect(seen.size).toBe(MANY);
    expect(new Set([...map.keys()].map(({ author }) => author[0]))).toEqual(seen);
    expect([...map.values(1000)].reduce((sum, { pages }) => sum + pages, 0n)).toBe(BigInt((MANY * (MANY - 1)) / 2));

    const even = [...numbered(MANY)].map(([one]) => one).filter((_, i) => i % 2 === 0);
    expect(map.deleteMany([...even, key(MANY + 1)])).toBe(MANY / 2);
    expect(map.deleteMany(even)).toBe(0);
    expect(map.size).toBe(MANY / 2);
    map.clear();
    expect(map.size).toBe(0);
    expect([...map]).toEqual([]);
  });

  test('shows raw batches without decoding', () => {
    const map = books();
    map.setMany(numbered(10_000));
    let [entries, pages, largest] = [0, 0n, 0];
    for (const { keys, values, count } of map.rawBatches(512)) {
      expect([keys.byteLength, values.byteLength]).toEqual([count * bookKeyCodec.size, count * bookCodec.size]);
      for (let i = 0; i < count; i++) pages += values.getBigUint64(i * bookCodec.size, true);
      entries += count;
      largest = Math.max(largest, count);
    }
    expect([entries, pages]).toEqual([10_000, 49_995_000n]);
    expect(largest).toBe(512);
    expect(() => [...map.rawBatches(0)]).toThrow('batch of 0 entries: at least 1 expected');
  });

  test('may be deleted from while it is iterated', () => {
    const map = books();
    map.setMany(numbered(10_000));
    let seen = 0;
    for (const one of map.keys(100)) {
      seen++;
      expect(map.delete(one)).toBe(true);
    }
    expect([seen, map.size]).toEqual([10_000, 0]);
  });

  test('leaves a refused value unset', () => {
    const map = books();
    expect(() => map.set(key(1), { ...book(1), tiny: 300 })).toThrow('struct book.tiny: 300 is not an integer');
    expect(() => map.set({ ...key(1), volume: -1 }, book(1))).toThrow('struct book_key.volume: -1');
    expect(map.size).toBe(0);
  });

  test('says which one is full', () => {
    using raw = BpfMap.create({ name: 'small', type: 'hash', keySize: 20, valueSize: bookCodec.size, maxEntries: 4 });
    const map = new TypedMap(raw, bookKeyCodec, bookCodec);
    expect(() => map.setMany(numbered(5))).toThrow(expect.objectContaining({ code: 'E2BIG', object: 'small' }));
    expect(map.size).toBe(4);
  });
});

describe('TypedMap.fromBtf', () => {
  test('finds the layouts in the object, also behind a name the kernel cut', () => {
    const map = TypedMap.fromBtf<number, { count: number }>(shapes().map('map_with_a_long_name'), shapesBtf);
    expect(map.name).toBe('map_with_a_long');
    map.set(1, { count: 5 });
    expect(map.get(1)).toEqual({ count: 5 });
    map.set(1, { count: 6 });
    expect([...map]).toEqual([[1, { count: 6 }]]);
  });

  test('reads what the generated codecs write', () => {
    const handle = shapes().map('books');
    new TypedMap(handle, bookKeyCodec, bookCodec).set(key(5), book(5));
    expect(TypedMap.fromBtf<BookKey, Book>(handle, shapesBtf).get(key(5))).toEqual(book(5));
    handle.delete(handle.nextKey() as Uint8Array);
  });
});

describe('an array', () => {
  test('has all its slots, in order, and clears to zero', () => {
    const map = TypedMap.fromBtf<number, bigint>(shapes().map('totals'), shapesBtf);
    expect(map.size).toBe(16);
    map.setMany([...map.keys()].map((index) => [index, BigInt(index * index)]));
    expect([...map.entries(5)]).toEqual(Array.from({ length: 16 }, (_, i) => [i, BigInt(i * i)]));
    expect(map.get(15)).toBe(225n);
    expect(map.get(16)).toBeUndefined();
    expect(() => map.delete(1)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    map.clear();
    expect([...map.values()]).toEqual(new Array(16).fill(0n));
  });

  test('gives some of its slots', () => {
    const map = TypedMap.fromBtf<number, bigint>(shapes().map('totals'), shapesBtf);
    map.setMany([...map.keys()].map((index) => [index, BigInt(index)]));
    expect([...map.slots(0, 3)]).toEqual([0n, 1n, 2n]);
    expect([...map.slots(14, 2)]).toEqual([14n, 15n]);
    expect([...map.slots(0, 16)]).toHaveLength(16);
    expect([...map.slots(7, 0)]).toEqual([]);
    for (const [first, count] of [
      [15, 2],
      [-1, 1],
      [3, -1],
    ] as const)
      expect(() => [...map.slots(first, count)]).toThrow(`map totals: ${count} slots from ${first} on, it has 16`);
    map.clear();
  });
});

describe('an LPM trie', () => {
  const prefixes = (): TypedMap<Prefix, number> =>
    new TypedMap(shapes().map('prefixes'), maps.prefixes.key, maps.prefixes.value);
  afterEach(() => prefixes().clear());

  test('answers with the longest prefix', () => {
    const map = prefixes();
    map.set({ prefixLength: 8, address: 0x0a000000 }, 8);
    map.set({ prefixLength: 24, address: 0x0a000100 }, 24);
    expect(map.get({ prefixLength: 32, address: 0x0a000105 })).toBe(24);
    expect(map.get({ prefixLength: 32, address: 0x0a000205 })).toBe(8);
    expect(map.get({ prefixLength: 32, address: 0x0b000000 })).toBeUndefined();
    expect(map.size).toBe(2);
  });

  test('iterates each prefix once, also while they are deleted', () => {
    const map = prefixes();
    const all = Array.from({ length: 5000 }, (_, i) => [{ prefixLength: 32, address: i * 256 }, i] as const);
    expect(map.setMany(all)).toBe(5000);
    expect([...map.entries(100)].sort(([, a], [, b]) => a - b)).toEqual(all);
    let seen = 0;
    for (const one of map.keys(64)) {
      map.delete(one);
      seen++;
    }
    expect([seen, map.size]).toEqual([5000, 0]);
    map.setMany(all);
    map.clear();
    expect(map.size).toBe(0);
  });

  test('does not start again when the last key of a batch is deleted', () => {
    const map = prefixes();
    map.setMany(Array.from({ length: 1000 }, (_, i) => [{ prefixLength: 32, address: i * 256 }, i] as const));
    let seen = 0;
    for (const one of map.keys(50)) if (++seen % 50 === 0) map.delete(one);
    expect([seen, map.size]).toEqual([1000, 980]);
  });
});

describe('a map of maps', () => {
  test('takes maps, gives their ids, and knows what they hold', () => {
    const outer = TypedMap.fromBtf<number, number>(shapes().map('shelves'), shapesBtf);
    using handle = BpfMap.create({ name: 'shelf_3', type: 'hash', keySize: 20, valueSize: 12, maxEntries: 64 });
    outer.setMap(3, handle);
    expect([...outer]).toEqual([[3, handle.info.id]]);
    expect([outer.size, outer.has(3), outer.has(4)]).toEqual([1, true, false]);

    using found = BpfMap.openId(outer.get(3) ?? 0);
    const inner = TypedMap.fromBtf<BookKey, Shelf>(found, shapesBtf, 'shelves.inner');
    inner.set(key(1), { floor: 2, corner: new Uint8Array(6), row: 4 });
    const generated = new TypedMap(handle, maps.shelves.inner.key, maps.shelves.inner.value);
    expect(generated.get(key(1))).toEqual({ floor: 2, corner: new Uint8Array(6), row: 4 });
    expect(() => outer.set(3, 5)).toThrow();
    outer.clear();
    expect(outer.size).toBe(0);
  });
});

describe('a typed map refuses', () => {
  test('codecs of another size, by the name of the map', () => {
    const books = shapes().map('books');
    expect(() => new TypedMap(books, bookCodec, bookCodec)).toThrow(
      'map books: keys are 20 bytes, struct book has 208',
    );
    expect(() => new TypedMap(books, bookKeyCodec, bookKeyCodec)).toThrow(
      'map books: values are 208 bytes, struct book_key has 20',
    );
  });

  test('maps without keys and the wrong class for per-CPU maps', () => {
    const nothing = codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false });
    expect(() => new TypedMap(shapes().map('events'), nothing, nothing)).toThrow(
      'map events: type ringbuf has no keys',
    );
    expect(() => TypedMap.fromBtf(shapes().map('bells'), shapesBtf)).toThrow(
      'map bells: type percpu_array, open it as PerCpuMap',
    );
    expect(() => PerCpuMap.fromBtf(shapes().map('totals'), shapesBtf)).toThrow('map totals: type array is not per-CPU');
  });
});
