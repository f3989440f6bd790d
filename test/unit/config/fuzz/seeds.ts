// SPDX-License-Identifier: MIT
// Seeds that every run of the config fuzz begins with. A seed that found something is added here, with the count that
// its failure named.
import type { KeptSeed } from '../../../fuzzing.ts';

export const KEPT_SEEDS: readonly KeptSeed[] = [
  { seed: 0x2f6e2b1, count: 600 },
  { seed: 1, count: 300 },
  { seed: 44_784_347, count: 1612 }, // port: -0
  { seed: 399_545_159, count: 460 }, // YAML that was folded too narrow by the test itself
];
