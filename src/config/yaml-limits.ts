// SPDX-License-Identifier: MIT
// How much one file may ask for. Aliases and merges let a small file mean very much.

/** Values in one file, aliases counted as often as they are used. Entries looked at in merges are counted apart. */
export const VALUES_MAX = 1_000_000;
/** The format itself is 5 levels deep. */
export const DEPTH_MAX = 64;

/** The file asks for more values than `VALUES_MAX` or is nested deeper than `DEPTH_MAX`. */
export class YamlTooLarge extends Error {
  override readonly name = 'YamlTooLarge';
}
