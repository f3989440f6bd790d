// SPDX-License-Identifier: MIT
// `npm run stress`: builds the addon with the address and undefined behaviour sanitizers, runs program.ts over it in
// namespaces of its own, and fails for any error, for any leak that begins in the addon or libbpf, and for descriptors left.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { errors, frameFormat, ourLeaks } from './reports.ts';

// The last words of program.ts.
const finished = 'descriptors, as before';
const root = process.cwd(); // npm runs scripts in the package's directory.
const build = join(root, '.cache/sanitized');
const addon = join(build, 'build/Release/libbpf.node');

// Node's own headers where its installation has them; else node-gyp downloads them.
const prefix = resolve(process.execPath, '../..');
const headers = existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : [];

function buildAddon(): void {
  mkdirSync(build, { recursive: true });
  cpSync(join(root, 'binding.gyp'), join(build, 'binding.gyp'));
  if (!existsSync(join(build, 'src'))) symlinkSync(join(root, 'src'), join(build, 'src'));
  const gyp = (...command: string[]) =>
    execFileSync('npx', ['node-gyp', '-C', build, '--loglevel=error', ...headers, ...command], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  gyp('configure', '--', '-Dsanitize=address,undefined');
  gyp('build', '-j', '2');
}

function bundle(directory: string, name: string): string {
  const outfile = join(directory, `${name.replace('/', '-')}.mjs`);
  buildSync({
    entryPoints: [join(root, 'test', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  return outfile;
}

function compile(directory: string): string {
  const object = join(directory, 'xdp.bpf.o');
  const include = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const options = ['-target', 'bpf', '-O2', '-g', '-mcpu=v3', '-I', include];
  execFileSync('clang', [...options, '-c', join(root, 'test/xdp.bpf.c'), '-o', object]);
  return object;
}

// The sanitizer's runtime has to come first, and the C++ library right after it, where it looks for __cxa_throw.
const runtime = (name: string): string =>
  execFileSync('c++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();

/** Whether the program came to its end; the sanitizers' exit code does not tell their leaks from our errors. */
function run(directory: string): boolean {
  const environment = {
    ...process.env,
    LD_PRELOAD: `${runtime('libasan.so')}:${runtime('libstdc++.so.6')}`,
    ASAN_OPTIONS: `detect_leaks=1:log_path=${directory}/report:stack_trace_format="${frameFormat}"`,
    LSAN_OPTIONS: 'exitcode=0:max_leaks=0:report_objects=0', // Node has leaks of its own; ours are picked out below.
    UBSAN_OPTIONS: `print_stacktrace=1:halt_on_error=1:log_path=${directory}/report`,
  };
  symlinkSync(addon, join(directory, 'libbpf.node'));
  const script = [bundle(directory, 'stress/program'), compile(directory), bundle(directory, 'thread')];
  const command = ['--net', 'sh', '-c', 'ip link set lo up && exec env LD_PRELOAD="$STRESS_PRELOAD" "$0" "$@"'];
  const { LD_PRELOAD, ...rest } = environment;
  const child = spawnSync('unshare', [...command, process.execPath, ...script], {
    env: { ...rest, STRESS_PRELOAD: LD_PRELOAD },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  process.stdout.write(child.stdout);
  return child.status === 0 && child.stdout.includes(finished);
}

function reports(directory: string): string {
  const files = readdirSync(directory).filter((file) => file.startsWith('report'));
  return files.map((file) => readFileSync(join(directory, file), 'utf8')).join('\n');
}

buildAddon();
const directory = mkdtempSync(join(tmpdir(), 'libbpf-ts-stress-'));
const complete = run(directory);
const report = reports(directory);
const problems = [...errors(report), ...ourLeaks(report)];
rmSync(directory, { recursive: true });
for (const problem of problems) console.error(problem);
const good = complete && problems.length === 0;
console.log(
  good ? 'stress: no error, no leak' : `stress: ${complete ? '' : 'did not finish, '}${problems.length} problems`,
);
process.exitCode = good ? 0 : 1;
