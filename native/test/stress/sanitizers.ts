// SPDX-License-Identifier: MIT
// The sanitizers' runtime: what a program needs to run under it, and what its reports say. Every error counts, and the leaks
// that are the addon's and not Node's.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// So that every frame ends in its module's path.
const frameFormat = '    #%n %f %s (%m)';

// Allocators and the language runtime, through which everybody's allocations go.
const runtime = /\/lib(asan|ubsan|stdc\+\+|c|gcc_s)[.-][^/]*\)$/;
const ours = /\/libbpf\.(node|so)[^/]*\)$/;

const library = (name: string): string =>
  execFileSync('c++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();

// The runtime has to come first, and the C++ library right after it, where it looks for __cxa_throw.
const preload = (): string => `${library('libasan.so')}:${library('libstdc++.so.6')}`;

const options = (directory: string): Record<string, string> => ({
  ASAN_OPTIONS: `detect_leaks=1:log_path=${directory}/report:stack_trace_format="${frameFormat}"`,
  LSAN_OPTIONS: 'exitcode=0:max_leaks=0:report_objects=0', // Node has leaks of its own; ours are picked out below.
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1', // Writes to stderr, whatever its log_path says.
});

/**
 * Runs Node with `args` under the sanitizers, in namespaces of its own (`unshare`) after the shell's `preparation`, which
 * runs without them. It and all that it starts stop at the first error; what they report goes to `directory`.
 */
export function runSanitized(
  directory: string,
  { unshare, preparation, args }: { unshare: string; preparation: string; args: readonly string[] },
): { status: number | null; stdout: string } {
  const command = [unshare, 'sh', '-c', `${preparation} && exec env LD_PRELOAD="$STRESS_PRELOAD" "$0" "$@"`];
  const { status, stdout, stderr } = spawnSync('unshare', [...command, process.execPath, ...args], {
    env: { ...process.env, ...options(directory), STRESS_PRELOAD: preload() },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  writeFileSync(join(directory, 'report.output'), `${stdout}\n\n${stderr}`);
  return { status, stdout };
}

/** What is wrong with the addon by the reports in `directory`, each with its stack. */
export function problemsIn(directory: string): string[] {
  const files = readdirSync(directory).filter((file) => file.startsWith('report'));
  const report = files.map((file) => readFileSync(join(directory, file), 'utf8')).join('\n');
  return [...errors(report), ...ourLeaks(report)];
}

/** Bad memory accesses and undefined behaviour. */
function errors(report: string): string[] {
  const blocks = report.split(/\n\n+/);
  return blocks.filter((block) => /ERROR: AddressSanitizer|runtime error:/.test(block));
}

/** The leaks whose first caller outside of the runtime is the addon or libbpf. */
function ourLeaks(report: string): string[] {
  const blocks = report.split(/\n\n+/).filter((block) => /^(Direct|Indirect) leak of/m.test(block));
  return blocks.filter((block) => {
    const frames = block.split('\n').filter((line) => /^\s*#\d+ /.test(line));
    const caller = frames.find((line) => !runtime.test(line));
    return caller !== undefined && ours.test(caller);
  });
}
