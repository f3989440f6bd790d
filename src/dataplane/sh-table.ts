// SPDX-License-Identifier: MIT
// The table of sh, filled as ip_vs_sh_reassign() fills it: the list over and over, each server `weight` slots in a
// row. A server of weight 0 gets one slot and refuses there.

export const SH_SLOTS = 256;

/** 256 members from a list in IPVS's order (newest first); empty for an empty list. */
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
