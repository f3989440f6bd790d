// SPDX-License-Identifier: MIT
// Medians, and how far the rounds lie apart.

export interface Summary {
  readonly median: number;
  /** Distance between the quartiles over the median: 0.02 is two per cent. */
  readonly spread: number;
}

/** Of numbers that are sorted; `at` from 0 to 1. */
export function quantile(sorted: readonly number[], at: number): number {
  const place = (sorted.length - 1) * at;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  return { median, spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / Math.abs(median) };
}
