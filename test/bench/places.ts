// SPDX-License-Identifier: MIT
// Where things stand in the checkout. The benchmark runs as build/bench.mjs.
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const BUILD = here('./');
export const SOURCES = here('../test/bench/');
export const REPORT = here('../BENCHMARKS.md');
export const DATA_PLANE_OBJECT = process.env.XLVS_BENCH_OBJECT ?? here('./xlvs.bpf.o');
