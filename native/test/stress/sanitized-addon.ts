// SPDX-License-Identifier: MIT
// Builds the addon with the address and undefined behaviour sanitizers, apart from the real one.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

// Node's own headers where its installation has them; else node-gyp downloads them.
const prefix = resolve(process.execPath, '../..');
const headers = existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : [];

/** Builds what changed of the package in `root`; the addon's path. */
export function buildSanitizedAddon(root: string): string {
  const build = join(root, '.cache/sanitized');
  mkdirSync(build, { recursive: true });
  cpSync(join(root, 'binding.gyp'), join(build, 'binding.gyp'));
  // Relative, and made anew: a copied checkout must not build the sources of the one it was copied from.
  rmSync(join(build, 'src'), { force: true });
  symlinkSync('../../src', join(build, 'src'));
  const gyp = (...command: string[]) =>
    execFileSync('npx', ['node-gyp', '-C', build, '--loglevel=error', ...headers, ...command], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  gyp('configure', '--', '-Dsanitize=address,undefined');
  gyp('build', '-j', '2');
  return join(build, 'build/Release/libbpf.node');
}
