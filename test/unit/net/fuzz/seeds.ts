// SPDX-License-Identifier: MIT
// Seeds that every run of the fuzz of single values begins with. A seed that found something is added here, with the
// count that its failure named.
import type { KeptSeed } from '../../../fuzzing.ts';

export const KEPT_SEEDS: readonly KeptSeed[] = [{ seed: 1, count: 5000 }];
