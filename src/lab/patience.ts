// SPDX-License-Identifier: MIT
// How long the lab waits for what it starts. An emulated machine is many times slower than a real one: XLVS_LAB_SLOWNESS
// says how many.

const slowness = Number(process.env.XLVS_LAB_SLOWNESS ?? 1);

/** Milliseconds of this machine for milliseconds of a usual one. */
export function patience(milliseconds: number): number {
  return milliseconds * slowness;
}
