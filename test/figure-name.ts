// SPDX-License-Identifier: MIT
// What figures call the programs: those of IPv6's object are named as IPv4's.

/** `xlvs_admit` of the object `xlvs6` is `xlvs6_admit`, `start_timer` of it `xlvs6_start_timer`. */
export function figureName(object: string, program: string): string {
  if (object === 'xlvs') return program;
  return program.startsWith('xlvs') ? program.replace('xlvs', object) : `${object}_${program}`;
}
