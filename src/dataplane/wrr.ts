// SPDX-License-Identifier: MIT
// Where wrr stands after its list changed, as ip_vs_wrr.c does it: back to the list's head, the current weight kept if
// it still makes sense. The walk itself is bpf/sched_wrr.h.

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Step and top of a list of weights: their greatest common divisor, and the highest minus (step - 1). */
export function wrrBounds(weights: readonly number[]): { step: number; top: number } {
  const step = weights.filter((weight) => weight > 0).reduce(gcd, 0) || 1;
  const highest = Math.max(0, ...weights);
  return { step, top: highest - (step - 1) };
}

/** The current weight after one change of the list. */
export function wrrAfterChange(currentWeight: number, weights: readonly number[]): number {
  const { step, top } = wrrBounds(weights);
  if (currentWeight > top || currentWeight === 0) return top;
  return step > 1 ? Math.floor(currentWeight / step) * step + 1 : currentWeight;
}

/** The current weight after a list was built by adding one server after the other. */
export function wrrAfterAdding(currentWeight: number, before: readonly number[], added: readonly number[]): number {
  return added.reduce((weight, _, i) => wrrAfterChange(weight, [...before, ...added.slice(0, i + 1)]), currentWeight);
}
