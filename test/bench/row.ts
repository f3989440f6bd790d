// SPDX-License-Identifier: MIT
// One line of the benchmark: the form of build/bench.json.

export interface Row {
  /** `established/1` */
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  /** What `ratio` compares with, or the bound that `value` has to keep; null: nothing. */
  readonly against: string | null;
  /** Medians of one run over each other; null where nothing is compared. */
  readonly ratio: number | null;
  /** Distance between the quartiles of the rounds over their median; null for what is counted, not timed. */
  readonly spread: number | null;
}

export interface Effort {
  /** About forty seconds instead of some minutes. */
  readonly quick: boolean;
}
