// SPDX-License-Identifier: MIT
// Running maps against expected layouts: what the kernel's BTF says wins over equal sizes.
import { BpfMap, btfById } from 'libbpf-ts';
import { describe, expect, test } from 'vitest';
import {
  codecOf,
  LayoutMismatchError,
  layoutOf,
  mapCodecs,
  mapDifference,
  mapLayouts,
  verifyMaps,
} from '../lib/index.ts';
import { btfOf } from './compile.ts';
import { maps } from './generated/index.ts';
import { loadShapes } from './kernel.ts';

const shapes = loadShapes();
const running = (...names: string[]) => names.map((name) => [name, shapes().map(name)] as const);

describe('verifyMaps', () => {
  test('accepts every map of the object the code was generated from', () => {
    expect(() => verifyMaps(maps, running(...Object.keys(maps)), btfById)).not.toThrow();
  });

  test('names map and field of the first difference, though all sizes are equal', () => {
    const btf = btfOf('struct prefix { __be32 address; __u32 prefix_length; } it;');
    const swapped = codecOf(layoutOf(btf, btf.find('struct', 'prefix') ?? 0));
    const registry = { ...maps, prefixes: { ...maps.prefixes, key: swapped } };
    expect(() => verifyMaps(registry, running('books', 'prefixes'), btfById)).toThrow(
      new LayoutMismatchError('prefixes', 'struct prefix.address: offset 4, expected 0'),
    );
    expect(() => verifyMaps(maps, [['windows', shapes().map('books')]], btfById)).toThrow(
      'map windows: not in the registry',
    );
  });

  test('checks keys and plain integers too', () => {
    const signed = codecOf({ kind: 'int', name: '__s64', size: 8, signed: true, bigEndian: false });
    const registry = { totals: { key: maps.totals.key, value: signed } };
    expect(() => verifyMaps(registry, running('totals'), btfById)).toThrow(
      'map totals: __s64: signed false, expected true',
    );
  });

  test('reports a running type that cannot be represented', () => {
    const it = codecOf({ kind: 'struct', name: 'it', size: 4, fields: [] });
    const btf = btfOf('struct it { __u32 a : 5; __u32 b : 27; } it;');
    const info = { ...shapes().map('bells').info, btfId: 1, btfKeyTypeId: btf.find('struct', 'it') ?? 0 };
    expect(mapDifference({ key: it, value: it }, { info }, btf)).toBe('struct it.a: bitfield');
  });
});

describe('a map without BTF', () => {
  test('is refused where it could have some', () => {
    using bare = BpfMap.create({ name: 'bare', type: 'hash', keySize: 20, valueSize: 208, maxEntries: 4 });
    expect(() => verifyMaps(maps, [['books', bare]], btfById)).toThrow(
      'map books: carries no BTF, its layout cannot be compared',
    );
    using small = BpfMap.create({ name: 'small', type: 'hash', keySize: 4, valueSize: 8, maxEntries: 4 });
    expect(() => verifyMaps(maps, [['books', small]], btfById)).toThrow(
      'map books: keys are 4 bytes, expected 20 (struct book_key)',
    );
  });

  test('is compared by size where the kernel keeps none, and held maps by their own', () => {
    const outer = shapes().map('shelves');
    expect(outer.info.btfId).toBe(0);
    expect(mapDifference(maps.shelves, outer, undefined)).toBeUndefined();
    const { btfId, btfKeyTypeId, btfValueTypeId } = shapes().map('books').info;
    const inner = { name: 'inner', type: 'hash', keySize: 20, valueSize: 208, maxEntries: 4 } as const;
    using held = BpfMap.create({ ...inner, btf: { id: btfId, keyTypeId: btfKeyTypeId, valueTypeId: btfValueTypeId } });
    const registry = { inner: maps.shelves.inner };
    expect(() => verifyMaps(registry, [['inner', held]], btfById)).toThrow(
      'map inner: struct shelf: struct book, expected struct shelf',
    );
  });
});

test('mapCodecs makes a registry entry without generated code', () => {
  const btf = btfOf(
    'struct { int (*type)[1]; __u32 *key; __u64 *value; } totals __attribute__((section(".maps"), used));',
  );
  expect(() => verifyMaps({ totals: mapCodecs(mapLayouts(btf, 'totals')) }, running('totals'), btfById)).not.toThrow();
});
