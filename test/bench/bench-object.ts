// SPDX-License-Identifier: MIT
// Opens the benchmark's own BPF programs; the caller loads.
import { BpfObject } from 'libbpf-ts';
import { compileBenchObject } from './compile-bench-object.ts';

/** `name`.bpf.c, compiled where that is to be done, not yet loaded. */
export function openBenchObject(name: string): BpfObject {
  return BpfObject.open(compileBenchObject(name));
}
