// SPDX-License-Identifier: MIT
// The Maglev table of mh, filled as ip_vs_mh_populate() fills it, bit for bit: a site that moves from IPVS keeps its
// clients where they are. The hash is the kernel's hsiphash on a 64-bit machine.
import * as abi from '../abi/index.ts';

export const MH_SLOTS = abi.LIMIT_MH_SLOTS;
const OFFSET_KEY = 2654435761n;
const SKIP_KEY = 2654446892n;
/** Turns of the heaviest server in one round are fewer than 2^6. */
const TURN_BITS = 6;
const BITS = 64;

const cut = (x: bigint): bigint => BigInt.asUintN(BITS, x);
const rotate = (x: bigint, bits: number): bigint => cut(x << BigInt(bits)) | (x >> BigInt(BITS - bits));

type Words = [bigint, bigint, bigint, bigint];

function round([a, b, c, d]: Words): Words {
  const v0 = cut(a + b);
  const v1 = rotate(b, 13) ^ v0;
  const v2 = cut(c + d);
  const v3 = rotate(d, 16) ^ v2;
  const w0 = cut(rotate(v0, 32) + v3);
  const w2 = cut(v2 + v1);
  return [w0, rotate(v1, 17) ^ w2, rotate(w2, 32), rotate(v3, 21) ^ w0];
}

/** SipHash-1-3 of one little-endian word of 32 bits, cut to 32 bits; both halves of the key are the same. */
export function hsiphash(value: number, key: bigint): number {
  const block = (4n << 56n) | BigInt(value >>> 0);
  let words: Words = [
    0x736f6d6570736575n ^ key,
    0x646f72616e646f6dn ^ key,
    0x6c7967656e657261n ^ key,
    0x7465646279746573n ^ key ^ block,
  ];
  words = round(words);
  words = [words[0] ^ block, words[1], words[2] ^ 0xffn, words[3]];
  for (let i = 0; i < 3; i++) words = round(words);
  return Number(BigInt.asUintN(32, words[0] ^ words[1] ^ words[2] ^ words[3]));
}

/** A server as mh sees it. */
export interface MhServer {
  readonly address: abi.Address;
  readonly port: number;
  /** its last weight that was not 0 */
  readonly weight: number;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Slots in a row that each server takes in one round. */
function turnsOf(weights: readonly number[]): number[] {
  const step = weights.reduce(gcd, 0);
  if (step === 0) return weights.map(() => 0);
  const bits = 32 - Math.clz32(Math.max(...weights) / step);
  const shift = Math.max(0, bits - TURN_BITS);
  return weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.floor(weight / step / 2 ** shift))));
}

/** For each of the 4093 slots the place in the list (IPVS's order, newest first) of its server; empty: nobody ever had a weight. */
export function mhTable(list: readonly MhServer[]): number[] {
  const turns = turnsOf(list.map(({ weight }) => weight));
  if (turns.every((turn) => turn === 0)) return [];
  const walks = list.map(({ address, port }) => {
    const value = (address.word.reduce((sum, word) => sum ^ word, 0) + port) >>> 0;
    return { at: hsiphash(value, OFFSET_KEY) % MH_SLOTS, skip: (hsiphash(value, SKIP_KEY) % (MH_SLOTS - 1)) + 1 };
  });
  const table = new Array<number>(MH_SLOTS).fill(-1);
  let filled = 0;
  for (let i = 0; filled < MH_SLOTS; i = (i + 1) % list.length) {
    const walk = walks[i] as (typeof walks)[number];
    for (let turn = 0; turn < (turns[i] as number) && filled < MH_SLOTS; turn++, filled++) {
      while (table[walk.at] !== -1) walk.at = (walk.at + walk.skip) % MH_SLOTS;
      table[walk.at] = i;
    }
  }
  return table;
}
