// SPDX-License-Identifier: MIT
// Compiles the benchmark's own BPF programs into build/bench/ and opens them; the caller loads.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BpfObject } from 'libbpf-ts';
import { compileBpf } from '../compile-bpf.ts';
import { BUILD, SOURCES } from './places.ts';

const compiled = new Set<string>();

/** Throws with clang's words when the source does not compile. */
function compile(name: string): string {
  const output = join(BUILD, 'bench', `${name}.bpf.o`);
  if (compiled.has(name)) return output;
  mkdirSync(join(BUILD, 'bench'), { recursive: true });
  compileBpf(join(SOURCES, `${name}.bpf.c`), output);
  compiled.add(name);
  return output;
}

/** `name`.bpf.c of this directory, not yet loaded. */
export function openBenchObject(name: string): BpfObject {
  return BpfObject.open(compile(name));
}
