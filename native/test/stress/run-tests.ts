// SPDX-License-Identifier: MIT
// Runs the package's own tests over the sanitized addon, which is mounted in the real one's place: scenarios, threads and
// examples find it where they always look.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundle } from './bundle.ts';
import { runSanitized } from './sanitizers.ts';

/** Whether every test passed. */
export function runTests(root: string, addon: string, directory: string): boolean {
  const preparation = `mount --bind '${addon}' '${join(root, 'build/Release/libbpf.node')}'`;
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const exitAtSigterm = `--execArgv=--import=${bundle(root, directory, 'stress/exit-at-sigterm')}`;
  const args = [vitest, 'run', '--root', dirname(root), '--project', 'native', exitAtSigterm];
  return runSanitized(directory, { unshare: '--mount', preparation, args }).status === 0;
}
