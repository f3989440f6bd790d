// SPDX-License-Identifier: MIT
// Bundles machine-probe.ts to where it finds the addon, so that it can run in a namespace.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const PROBE = here('../../build/machine-probe.mjs');

export async function buildProbe(): Promise<void> {
  await build({
    entryPoints: [here('machine-probe.ts')],
    outfile: PROBE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    tsconfig: here('../../tsconfig.json'),
    logLevel: 'warning',
  });
}
