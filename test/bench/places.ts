// SPDX-License-Identifier: MIT
// Where things stand in the checkout. The benchmark runs bundled, as build/bench.mjs or two directories deep in a guest.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const above = ['../', '../../'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
const root = above.find((path) => existsSync(`${path}bpf/maps.h`)) ?? above[0];

export const BUILD = `${root}build/`;
export const SOURCES = `${root}test/bench/`;
export const REPORT = `${root}BENCHMARKS.md`;
export const DATA_PLANE_OBJECT = process.env.XLVS_BENCH_OBJECT ?? `${BUILD}xlvs.bpf.o`;
