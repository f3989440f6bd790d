// SPDX-License-Identifier: MIT
// The checks behind every encode: a value that does not fit is an error naming the field, never a silent wrap.
// Codecs built at run time and generated codecs both call these.

type NumberCheck = (value: number, where: string) => number;
type BigIntCheck = (value: bigint, where: string) => bigint;

const numbers =
  (min: number, max: number): NumberCheck =>
  (value, where) => {
    if (value >= min && value <= max && Number.isInteger(value)) return value;
    throw new RangeError(`${where}: ${shown(value)} is not an integer from ${min} to ${max}`);
  };

const bigints =
  (min: bigint, max: bigint): BigIntCheck =>
  (value, where) => {
    if (typeof value === 'bigint' && value >= min && value <= max) return value;
    throw new RangeError(`${where}: ${shown(value)} is not a bigint from ${min} to ${max}`);
  };

export const checkU8 = numbers(0, 0xff);
export const checkU16 = numbers(0, 0xffff);
export const checkU32 = numbers(0, 0xffffffff);
export const checkU64 = bigints(0n, 2n ** 64n - 1n);
export const checkS8 = numbers(-0x80, 0x7f);
export const checkS16 = numbers(-0x8000, 0x7fff);
export const checkS32 = numbers(-0x80000000, 0x7fffffff);
export const checkS64 = bigints(-(2n ** 63n), 2n ** 63n - 1n);

export function checkBool(value: boolean, where: string): number {
  if (typeof value !== 'boolean') throw new TypeError(`${where}: ${shown(value)} is not a boolean`);
  return value ? 1 : 0;
}

/** An array, or a typed array, of exactly that many elements. */
export function checkArray<T>(value: readonly T[], length: number, where: string): readonly T[] {
  if (value?.length === length) return value;
  throw new RangeError(`${where}: ${length} elements expected, got ${value?.length ?? shown(value)}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
