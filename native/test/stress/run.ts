// SPDX-License-Identifier: MIT
// `npm run stress`: builds the addon with the address and undefined behaviour sanitizers, runs program.ts and the package's
// own tests over it, and fails for any error, for any leak that begins in the addon or libbpf, and for descriptors left.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { runTests } from './run-tests.ts';
import { buildSanitizedAddon } from './sanitized-addon.ts';
import { problemsIn } from './sanitizers.ts';

const root = process.cwd(); // npm runs scripts in the package's directory.

/** Whether what runs comes to its end, and the sanitizers have nothing to say of it. */
function isSound(name: string, run: (root: string, addon: string, directory: string) => boolean): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'libbpf-ts-stress-'));
  const complete = run(root, addon, directory);
  const problems = problemsIn(directory);
  rmSync(directory, { recursive: true });
  for (const problem of problems) console.error(problem);
  const trouble = [...(complete ? [] : ['failed']), ...(problems.length > 0 ? [`${problems.length} problems`] : [])];
  console.log(`${name}: ${trouble.join(', ') || 'no error, no leak'}`);
  return trouble.length === 0;
}

const addon = buildSanitizedAddon(root);
const results = [isSound('stress', runProgram), isSound('tests under sanitizers', runTests)];
process.exitCode = results.every(Boolean) ? 0 : 1;
