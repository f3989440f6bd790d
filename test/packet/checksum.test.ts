// SPDX-License-Identifier: MIT
// bpf/checksum.h over all 65,536 values, against sums made from scratch.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { internetChecksum, onesComplementSum } from './internet-checksum.ts';
import type { ChecksumResult } from './packet-object.ts';
import { Router } from './router.ts';

const EVERY_VALUE = 65536;
const router = Router.open();
afterAll(() => router.close());

/** Words in the machine's own order, as the C code sees them. */
function sweep(high: number, changed: number, delta: number): ChecksumResult[] {
  const frame = new Uint8Array(64);
  const view = new DataView(frame.buffer);
  [high, changed, delta].forEach((word, i) => {
    view.setUint32(i * 4, word, true);
  });
  expect(router.run('checksum_sweep', frame)).toBe(2);
  return [...router.tables.checksums.values(EVERY_VALUE)];
}

const words = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap((v) => [v >> 8, v & 255]));
/** Ones' complement has two zeros; 0 and 0xffff are the same sum. */
const sum = (...values: number[]): number => onesComplementSum(words(...values)) % 0xffff;
const not = (value: number): number => ~value & 0xffff;

/** The indexes where `actual` is not what it should be. */
function wrong(results: readonly ChecksumResult[], isRight: (r: ChecksumResult, value: number) => boolean): number[] {
  expect(results).toHaveLength(EVERY_VALUE);
  return results.flatMap((r, value) => (isRight(r, value) ? [] : [value]));
}

describe.each([
  ['a small change', 0, 0x0001_0000, 0],
  ['every bit set', 0xffff, 0xffff_ffff, 0x1_fffe],
  ['an address', 0xc000, 0x0a00_0001, 0x1_2345],
  ['only low bits', 0x0001, 0x0000_00ff, 0xffff],
])('%s', (_, high, changed, delta) => {
  let results: ChecksumResult[];
  beforeAll(() => {
    results = sweep(high, changed, delta);
  });
  const [newHigh, newLow] = [changed >>> 16, changed & 0xffff];

  test('folds to the same sum', () => {
    expect(wrong(results, (r, value) => r.fold % 0xffff === sum(high, value))).toEqual([]);
  });

  test('folding leaves nothing but zero at zero', () => {
    expect(wrong(results, (r, value) => (r.fold === 0) === (high === 0 && value === 0))).toEqual([]);
  });

  test('the difference of a 16-bit word, added to the old sum, gives the new one', () => {
    expect(wrong(results, (r, value) => sum(value, r.delta16) === sum(newLow))).toEqual([]);
  });

  test('the difference of a 32-bit word, added to the old sum, gives the new one', () => {
    expect(wrong(results, (r, value) => sum(high, value, r.delta32) === sum(newHigh, newLow))).toEqual([]);
  });

  test('a checksum field after a change of its data', () => {
    const carried = (delta & 0xffff) + (delta >>> 16);
    expect(
      wrong(results, (r, value) => sum(not(r.applied)) === sum(not(value), carried & 0xffff, carried >> 16)),
    ).toEqual([]);
  });
});

test.each([0x0000, 0x0001, 0x1234, 0x8000, 0xfffe, 0xffff])(
  'a header word that becomes %i leaves the checksum as summed from scratch, whatever it was',
  (changed) => {
    const rest = 0x4500;
    const deltas = sweep(0, changed, 0).map((r) => r.delta16);
    // the change is applied to the checksum of each header in turn: 65,536 runs, one by one in the model's own words
    const isRight = (old: number): boolean => {
      const before = internetChecksum(words(rest, old));
      const after = not(onesComplementSum(words(not(before), deltas[old] as number)));
      return after === internetChecksum(words(rest, changed));
    };
    expect(deltas.flatMap((_, old) => (isRight(old) ? [] : [old]))).toEqual([]);
  },
);
