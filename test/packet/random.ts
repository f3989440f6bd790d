// SPDX-License-Identifier: MIT
// Repeatable randomness: the same seed gives the same tests everywhere (Marsaglia's xorshift, 32 bits).

export interface Random {
  /** 0 .. 2^32 - 1 */
  next(): number;
  /** 0 .. limit - 1 */
  below(limit: number): number;
  /** One of them. */
  pick<T>(list: readonly T[]): T;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
}

export function random(seed: number): Random {
  let state = seed | 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (limit: number): number => next() % limit;
  return { next, below, pick: (list) => list[below(list.length)] as never, oneIn: (n) => below(n) === 0 };
}
