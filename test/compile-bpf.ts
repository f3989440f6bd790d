// SPDX-License-Identifier: MIT
// Compiles BPF programs of tests as the Makefile compiles the data plane.
import { execFileSync } from 'node:child_process';

/** Throws with clang's words when the source does not compile. */
export function compileBpf(source: string, object: string): void {
  const machine = execFileSync('g++', ['-dumpmachine'], { encoding: 'utf8' }).trim();
  const flags = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-Wall', '-Werror', `-I/usr/include/${machine}`];
  execFileSync(process.env.CLANG ?? 'clang', [...flags, '-c', source, '-o', object]);
}
