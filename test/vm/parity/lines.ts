// SPDX-License-Identifier: MIT
// What can be seen of a router, as lines, and when two are alike.

/** One thing that can be seen. `seconds` is compared with some tolerance, the text to the letter. */
export interface Line {
  readonly text: string;
  readonly seconds?: number;
}

/** Seconds by which clocks may differ: both count in whole ones, and commands are not run at the same moment. */
export const TOLERANCE = 2;

export function areAlike(a: Line | undefined, b: Line | undefined): boolean {
  if (a?.text !== b?.text) return false;
  return Math.abs((a?.seconds ?? 0) - (b?.seconds ?? 0)) <= TOLERANCE;
}

export const areAllAlike = (some: readonly Line[], others: readonly Line[]): boolean =>
  some.length === others.length && some.every((line, i) => areAlike(line, others[i]));
