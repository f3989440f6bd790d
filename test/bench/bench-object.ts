// SPDX-License-Identifier: MIT
// Compiles the benchmark's own BPF programs into build/bench/ and opens them; the caller loads.
import { join } from 'node:path';
import { BpfObject } from 'libbpf-ts';
import { compileWhenStale } from '../compile-bpf.ts';
import { BUILD, SOURCES } from './places.ts';

/** Compiles `name`.bpf.c of this directory where that is to be done. Throws with clang's words when it does not compile. */
export function compileBenchObject(name: string): string {
  const output = join(BUILD, 'bench', `${name}.bpf.o`);
  compileWhenStale(join(SOURCES, `${name}.bpf.c`), output);
  return output;
}

/** `name`.bpf.c, not yet loaded. */
export function openBenchObject(name: string): BpfObject {
  return BpfObject.open(compileBenchObject(name));
}
