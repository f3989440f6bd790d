// SPDX-License-Identifier: MIT
// Compiles the benchmark's own BPF programs into build/bench/.
import { join } from 'node:path';
import { compileWhenStale } from '../compile-bpf.ts';
import { BUILD, SOURCES } from './places.ts';

/** `name`.bpf.c of this directory; returns the object's path. Throws with clang's words when it does not compile. */
export function compileBenchObject(name: string): string {
  const output = join(BUILD, 'bench', `${name}.bpf.o`);
  compileWhenStale(join(SOURCES, `${name}.bpf.c`), output);
  return output;
}
