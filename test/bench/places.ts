// SPDX-License-Identifier: MIT
// Where things stand in the checkout. The benchmark runs bundled, two directories deep.
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export const BUILD = `${root}build/`;
export const SOURCES = `${root}test/bench/`;
export const DOCS = `${root}docs/`;
export const REPORT = `${root}BENCHMARKS.md`;
export const DATA_PLANE_OBJECT = process.env.XLVS_BENCH_OBJECT ?? `${BUILD}xlvs.bpf.o`;
