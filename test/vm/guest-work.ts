// SPDX-License-Identifier: MIT
// What a guest finds below /w: the built program, the test suites as bundles, and the sources that some tests look at.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BANNER =
  'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);';

/** Where bundles lie: as deep as the directories of the tests, so that their relative paths hold. */
export const SUITES = 'test/guest';

export interface GuestWork {
  readonly directory: string;
  /** names of the suites, without .mjs */
  readonly suites: readonly string[];
}

/** `files`: test files, relative to the checkout. */
export async function makeGuestWork(directory: string, files: readonly string[]): Promise<GuestWork> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, SUITES), { recursive: true });
  const copy = (from: string, to = from): void =>
    cpSync(join(ROOT, from), join(directory, to), { recursive: true, preserveTimestamps: true });
  for (const file of [
    'xlvs',
    'xlvs.mjs',
    'libbpf.node',
    'xlvs.bpf.o',
    'xlvs6.bpf.o',
    'machine-probe.mjs',
    'test/xlvs_packet.bpf.o',
    'test/xlvs_packet6.bpf.o',
    'test/other.bpf.o',
    'test/other6.bpf.o',
    'bench/wire.bpf.o',
    'test/tap.bpf.o',
  ])
    copy(`build/${file}`);
  copy('build/libbpf.node', `${SUITES}/libbpf.node`);
  copy('bpf');
  for (const file of ['xlvs_packet.bpf.c', 'traffic.h']) copy(`test/packet/${file}`);
  copy('test/bench/wire.bpf.c');
  await build({
    entryPoints: Object.fromEntries([
      ['runner', join(ROOT, 'test/vm/guest/runner.ts')],
      ...files.map((file) => [suiteName(file), join(ROOT, file)] as const),
    ]),
    outdir: join(directory, SUITES),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: BANNER },
    alias: { vitest: join(ROOT, 'test/vm/guest/vitest.ts') },
    external: ['esbuild'],
    tsconfig: join(ROOT, 'tsconfig.json'),
    logLevel: 'warning',
  });
  return { directory, suites: files.map(suiteName) };
}

/** `packet-nat` for test/packet/nat.test.ts. */
export function suiteName(file: string): string {
  return file
    .replace(/^test\//, '')
    .replace(/\.test\.ts$/, '')
    .replaceAll('/', '-');
}
