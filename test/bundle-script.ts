// SPDX-License-Identifier: MIT
// Bundles a script of the tests that runs in a thread or process of its own, with the addon beside it.
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const OUTPUT = here('../build/test/');
const alias = { 'libbpf-ts': here('../native/lib/index.ts'), 'bpf-maps': here('../src/bpf-maps/lib/index.ts') };

/** `script` is a TypeScript file's path; returns the bundle's. Nobody sees an unfinished one. */
export function bundleScript(script: string): string {
  const outfile = `${OUTPUT}${basename(script, '.ts')}.mjs`;
  const unfinished = `${outfile}.${process.pid}`;
  mkdirSync(OUTPUT, { recursive: true });
  symlinkSync('../../native/build/Release/libbpf.node', `${OUTPUT}libbpf.node.${process.pid}`);
  renameSync(`${OUTPUT}libbpf.node.${process.pid}`, `${OUTPUT}libbpf.node`);
  buildSync({
    entryPoints: [script],
    outfile: unfinished,
    alias,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild'],
  });
  renameSync(unfinished, outfile);
  return outfile;
}
