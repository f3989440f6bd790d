// SPDX-License-Identifier: MIT
// Compiles BPF programs of tests as the Makefile compiles the data plane.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Throws with clang's words when the source does not compile. */
export function compileBpf(source: string, object: string, ...more: readonly string[]): void {
  const machine = execFileSync('g++', ['-dumpmachine'], { encoding: 'utf8' }).trim();
  const flags = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-Wall', '-Werror', `-I/usr/include/${machine}`];
  execFileSync(process.env.CLANG ?? 'clang', [...flags, ...more, '-c', source, '-o', object]);
}

function isFresh(object: string, sources: readonly string[]): boolean {
  if (!existsSync(object)) return false;
  const built = statSync(object).mtimeMs;
  return sources.every((source) => statSync(source).mtimeMs < built);
}

/** Compiles unless the object is newer than its source and `included`; nobody sees an unfinished one. */
export function compileWhenStale(
  source: string,
  object: string,
  included: readonly string[] = [],
  ...more: readonly string[]
): void {
  if (isFresh(object, [source, ...included])) return;
  mkdirSync(dirname(object), { recursive: true });
  const unfinished = `${object}.${process.pid}`;
  compileBpf(source, unfinished, ...more);
  renameSync(unfinished, object);
}
