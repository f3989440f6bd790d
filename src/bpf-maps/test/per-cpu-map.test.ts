// SPDX-License-Identifier: MIT
// Per-CPU maps on the running kernel: values by CPU, and sums.
import { possibleCpus } from 'libbpf-ts';
import { afterEach, describe, expect, test } from 'vitest';
import { codecOf, layoutOf, PerCpuMap } from '../lib/index.ts';
import { btfOf } from './compile.ts';
import { maps, type Visits } from './generated/index.ts';
import { loadShapes } from './kernel.ts';
import { shapesBtf } from './shapes.ts';

const shapes = loadShapes();
const CPUS = possibleCpus();
/** 0 + 1 + ... over the CPUs. */
const TRIANGLE = (CPUS * (CPUS - 1)) / 2;

const visits = (number: number): Visits => ({
  visitors: BigInt(number) * 2n ** 40n,
  byHour: [number, 0, 1, 0xffffffff],
  books: { lent: BigInt(number), returned: 1n },
});

describe('a per-CPU hash', () => {
  const doors = (): PerCpuMap<number, Visits> =>
    new PerCpuMap(shapes().map('visits_by_door'), maps.visits_by_door.key, maps.visits_by_door.value);
  afterEach(() => doors().clear());

  test('has one value per possible CPU', () => {
    const map = doors();
    const perCpu = Array.from({ length: CPUS }, (_, cpu) => visits(cpu));
    map.set(80, perCpu);
    expect(map.cpus).toBe(CPUS);
    expect(map.get(80)).toEqual(perCpu);
    expect(map.get(81)).toBeUndefined();
    expect(() => map.set(80, [...perCpu, visits(0)])).toThrow(
      `map visits_by_door: ${CPUS} values expected, one per CPU, got ${CPUS + 1}`,
    );
  });

  test('sums integers field by field, in nested structs and arrays, without wrapping', () => {
    const map = doors();
    map.set(
      80,
      Array.from({ length: CPUS }, (_, cpu) => visits(cpu)),
    );
    expect(map.sum(80)).toEqual({
      visitors: BigInt(TRIANGLE) * 2n ** 40n,
      byHour: [TRIANGLE, 0, CPUS, 0xffffffff * CPUS],
      books: { lent: BigInt(TRIANGLE), returned: BigInt(CPUS) },
    });
    expect(map.sum(81)).toBeUndefined();
  });

  test('iterates 5,000 keys in batches, by CPU and summed', () => {
    const map = doors();
    for (let door = 0; door < 5000; door++) map.fill(door, visits(door));
    expect(map.size).toBe(5000);
    const entries = [...map.entries(500)].sort(([a], [b]) => a - b);
    expect(entries.map(([door]) => door)).toEqual(Array.from({ length: 5000 }, (_, door) => door));
    for (const [door, values] of entries) expect(values).toEqual(new Array(CPUS).fill(visits(door)));
    for (const [door, { books }] of map.sums())
      if (books.lent !== BigInt(door * CPUS)) throw new Error(`door ${door}: ${books.lent}`);
    expect([...map.sums()]).toHaveLength(5000);
    expect(map.deleteMany([1, 2, 3, 70000 % 65536])).toBe(4);
  });
});

describe('a per-CPU array', () => {
  test('of 4-byte values keeps each CPU apart', () => {
    const map = PerCpuMap.fromBtf<number, number>(shapes().map('bells'), shapesBtf);
    const rings = Array.from({ length: CPUS }, (_, cpu) => cpu + 1);
    map.set(7, rings);
    expect(map.get(7)).toEqual(rings);
    expect(map.sum(7)).toBe(TRIANGLE + CPUS);
    expect([...map].map(([index, values]) => [index, values.length])).toEqual(
      Array.from({ length: 8 }, (_, i) => [i, CPUS]),
    );
    map.clear();
    expect([...map.sums()]).toEqual(Array.from({ length: 8 }, (_, i) => [i, 0]));
  });
});

test('sum refuses what cannot be added, by name, but get still works', () => {
  const btf = btfOf('struct it { char name[4]; } it;');
  const named = codecOf<{ name: string }>(layoutOf(btf, btf.find('struct', 'it') ?? 0));
  const map = new PerCpuMap(shapes().map('bells'), maps.bells.key, named);
  map.fill(0, { name: 'abc' });
  expect(map.get(0)).toEqual(new Array(CPUS).fill({ name: 'abc' }));
  expect(() => map.sum(0)).toThrow('struct it.name: char[4] has no sum');
  map.clear();
});
