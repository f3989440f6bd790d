// SPDX-License-Identifier: MIT
// The model's Maglev hashing: SipHash-1-3 as its paper writes it, of one word of four bytes, and the table that each server
// fills by a permutation of its own.
import { folded } from './address.ts';
import type { Server } from './scheduling.ts';

const SLOTS = 4093;
const [OFFSETS, SKIPS] = [2654435761n, 2654446892n];
const MASK = 2n ** 64n - 1n;

const left = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (64n - bits))) & MASK;

function sipRound(v: [bigint, bigint, bigint, bigint]): void {
  v[0] = (v[0] + v[1]) & MASK;
  v[1] = left(v[1], 13n) ^ v[0];
  v[0] = left(v[0], 32n);
  v[2] = (v[2] + v[3]) & MASK;
  v[3] = left(v[3], 16n) ^ v[2];
  v[0] = (v[0] + v[3]) & MASK;
  v[3] = left(v[3], 21n) ^ v[0];
  v[2] = (v[2] + v[1]) & MASK;
  v[1] = left(v[1], 17n) ^ v[2];
  v[2] = left(v[2], 32n);
}

/** 32 bits of the hash; the key's two halves are the same. */
export function siphash(word: number, key = OFFSETS): number {
  const ascii = (text: string): bigint => BigInt(`0x${Buffer.from(text).toString('hex')}`);
  const v: [bigint, bigint, bigint, bigint] = [
    ascii('somepseu') ^ key,
    ascii('dorandom') ^ key,
    ascii('lygenera') ^ key,
    ascii('tedbytes') ^ key,
  ];
  const message = (4n << 56n) | BigInt(word);
  v[3] ^= message;
  sipRound(v);
  v[0] ^= message;
  v[2] ^= 0xffn;
  for (let i = 0; i < 3; i++) sipRound(v);
  return Number((v[0] ^ v[1] ^ v[2] ^ v[3]) & 0xffffffffn);
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** How many slots a server takes when it is its turn: its weight, brought below 64 by halving. */
function turnsOf(weights: readonly number[]): number[] {
  const step = weights.reduce(divisor, 0) || 1;
  let shift = 0;
  while (Math.max(...weights) / step / 2 ** shift >= 64) shift++;
  return weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.floor(weight / step / 2 ** shift))));
}

const tables = new Map<string, number[]>();

/** Which server, by its place in the list, has which slot. */
export function maglev(servers: readonly Server[]): readonly number[] {
  const known = servers.map(({ name, mhWeight }) => `${name}*${mhWeight}`).join();
  const table = tables.get(known) ?? filled(servers);
  tables.set(known, table);
  return table;
}

function filled(servers: readonly Server[]): number[] {
  const turns = turnsOf(servers.map(({ mhWeight }) => mhWeight));
  const table = new Array<number>(SLOTS).fill(-1);
  const next = servers.map(({ address, port }) => {
    const value = (folded(address) + port) >>> 0;
    const step = (siphash(value, SKIPS) % (SLOTS - 1)) + 1;
    let place = siphash(value) % SLOTS;
    return () => {
      while (table[place] !== -1) place = (place + step) % SLOTS;
      return place;
    };
  });
  for (let left = turns.some((turn) => turn > 0) ? SLOTS : 0; left > 0; )
    servers.forEach((_, i) => {
      for (let turn = 0; turn < (turns[i] as number) && left > 0; turn++, left--) table[next[i]?.() as number] = i;
    });
  return table;
}
