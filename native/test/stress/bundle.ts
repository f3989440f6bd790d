// SPDX-License-Identifier: MIT
// A script of test/ as one file of plain JavaScript, with the library in it.
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** `name`: below test/, without .ts. Returns the file's path. */
export function bundle(root: string, directory: string, name: string): string {
  const outfile = join(directory, `${name.replace('/', '-')}.mjs`);
  const entry = join(root, 'test', `${name}.ts`);
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm' });
  return outfile;
}
