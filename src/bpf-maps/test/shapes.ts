// SPDX-License-Identifier: MIT
// The object with every shape: its BTF, compiled once per test file, and the head of what is generated from it.
import { readFileSync } from 'node:fs';
import { parseBtf } from '../lib/index.ts';
import { compile, sectionOf } from './compile.ts';

export const shapesObject = compile('shapes.bpf.c');
export const shapesBtf = parseBtf(sectionOf(readFileSync(shapesObject), '.BTF'));

/** Keeps linters away from generated code. */
export const generatedHeader = `// SPDX-License-Identifier: MIT
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated`;
