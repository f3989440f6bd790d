// SPDX-License-Identifier: MIT
// An address of either family as hexadecimal digits, 8 or 32: comparable, usable as a key, and of one family alone.
import type { IpFamily } from '../family.ts';

export type Address = string;

const WORD = 8;

export function readAddress(view: DataView, at: number, family: IpFamily): Address {
  return Buffer.from(view.buffer, view.byteOffset + at, family === 6 ? 16 : 4).toString('hex');
}

export function writeAddress(view: DataView, at: number, address: Address): void {
  wordsOf(address).forEach((word, i) => {
    view.setUint32(at + 4 * i, word);
  });
}

export const addressOf = (bytes: Uint8Array): Address => Buffer.from(bytes).toString('hex');

export const familyOf = (address: Address): IpFamily => (address.length === WORD ? 4 : 6);

/** As numbers of 32 bits. */
export function wordsOf(address: Address): number[] {
  const words: number[] = [];
  for (let i = 0; i < address.length; i += WORD) words.push(Number.parseInt(address.slice(i, i + WORD), 16));
  return words;
}

/** What IPVS's schedulers hash. */
export const folded = (address: Address): number => wordsOf(address).reduce((sum, word) => (sum ^ word) >>> 0, 0);

/** The network of this many leading bits. */
export function networkOf(address: Address, prefix: number): Address {
  const bits = BigInt(address.length * 4 - prefix);
  return ((BigInt(`0x${address}`) >> bits) << bits).toString(16).padStart(address.length, '0');
}
