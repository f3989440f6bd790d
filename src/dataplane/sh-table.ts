// SPDX-License-Identifier: MIT
// The tables of sh and dh, 256 slots each; a server of weight 0 refuses in its slots.
import * as abi from '../abi/index.ts';

export const SH_SLOTS = abi.LIMIT_HASH_SLOTS;

/**
 * As ip_vs_sh_reassign() fills it: the list over and over, in IPVS's order (newest first), each server `weight` slots in a
 * row and at least one; empty for an empty list.
 */
export function shTable<T extends { readonly weight: number }>(list: readonly T[]): T[] {
  const slots: T[] = [];
  if (list.length === 0) return slots;
  for (let i = 0; slots.length < SH_SLOTS; i = (i + 1) % list.length) {
    const member = list[i] as T;
    const run = Math.min(Math.max(member.weight, 1), SH_SLOTS - slots.length);
    for (let n = 0; n < run; n++) slots.push(member);
  }
  return slots;
}

/** As ip_vs_dh_reassign() fills it: the list over and over; weights mean nothing. */
export function dhTable<T>(list: readonly T[]): T[] {
  return list.length === 0 ? [] : Array.from({ length: SH_SLOTS }, (_, i) => list[i % list.length] as T);
}

/** The table a scheduler looks a server up in; undefined: it has none. */
export function hashTable(scheduler: number, list: readonly abi.Member[]): abi.HashTable | undefined {
  if (scheduler !== abi.Scheduler.SH && scheduler !== abi.Scheduler.DH) return undefined;
  const table = scheduler === abi.Scheduler.SH ? shTable(list) : dhTable(list);
  const nobody = { server: 0, weight: 0 };
  return { slots: table.length > 0 ? table : Array.from({ length: SH_SLOTS }, () => nobody) };
}

export const hasHashTable = (scheduler: number): boolean => hashTable(scheduler, []) !== undefined;
