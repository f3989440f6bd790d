// SPDX-License-Identifier: MIT
// Runs program.ts over the sanitized addon, in a network namespace of its own.
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { runSanitized } from './sanitizers.ts';

// The last words of program.ts.
const finished = 'descriptors, as before';

/** Whether the program came to its end; the sanitizers' exit code does not tell their leaks from our errors. */
export function runProgram(root: string, addon: string, directory: string): boolean {
  symlinkSync(addon, join(directory, 'libbpf.node'));
  const args = [bundle(root, directory, 'stress/program'), compile(root, directory), bundle(root, directory, 'thread')];
  const preparation = 'ip link set lo up';
  const { status, stdout } = runSanitized(directory, { unshare: '--net', preparation, args });
  return status === 0 && stdout.includes(finished);
}

function compile(root: string, directory: string): string {
  const object = join(directory, 'xdp.bpf.o');
  const include = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const options = ['-target', 'bpf', '-O2', '-g', '-mcpu=v3', '-I', include];
  execFileSync('clang', [...options, '-c', join(root, 'test/xdp.bpf.c'), '-o', object]);
  return object;
}
