// SPDX-License-Identifier: MIT
// What the tests need from the outside: compiled BPF objects, bundled scripts, and namespaces that vanish by themselves.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const addon = fileURLToPath(new URL('../build/Release/libbpf.node', import.meta.url));
export const output = fileURLToPath(new URL('../build/test/', import.meta.url));
mkdirSync(output, { recursive: true });

// Relative, and made anew: a copied checkout must not test the addon of the one it was copied from.
const beside = join(output, 'libbpf.node');
rmSync(beside, { force: true });
symlinkSync(relative(output, addon), beside);

export function compileFile(source: string, object: string): void {
  const include = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const options = ['-target', 'bpf', '-O2', '-g', '-mcpu=v3', '-Wall', '-Werror', '-I', include];
  execFileSync('clang', [...options, '-c', source, '-o', object]);
}

/** Compiles `<name>.bpf.c` unless that has been done; returns the object's path. */
export function compile(name: string): string {
  const source = join(here, `${name}.bpf.c`);
  const object = join(output, `${name}.bpf.o`);
  const done = existsSync(object) && statSync(object).mtimeMs > statSync(source).mtimeMs;
  if (!done) compileFile(source, object);
  return object;
}

/** Bundles a script with the library into one file, the addon beside it, as an application would. */
export function bundleFile(script: string, name: string): string {
  const outfile = join(output, `${name}.mjs`);
  const alias = { 'libbpf-ts': join(here, '../lib/index.ts') };
  buildSync({ entryPoints: [script], outfile, alias, bundle: true, platform: 'node', format: 'esm' });
  return outfile;
}

/** The same for `<name>.ts` of this directory. */
export const bundle = (name: string): string => bundleFile(join(here, `${name}.ts`), basename(name));

/**
 * Runs a scenario in network and mount namespaces of its own, with a bpf file system and the loopback device, and
 * returns the facts that it prints as JSON. Devices, pins and mounts end with it.
 */
export function scenario<Facts>(name: string): Facts {
  const script = bundle(`scenario/${name}`);
  const setUp = 'ip link set lo up && mount -t tmpfs none /mnt && mkdir /mnt/bpf && mount -t bpf bpf /mnt/bpf';
  const command = ['--net', '--mount', 'sh', '-c', `${setUp} && exec "$0" "$@"`];
  const child = [process.execPath, script, compile('xdp')];
  const text = execFileSync('unshare', [...command, ...child], { encoding: 'utf8', timeout: 30_000 });
  return JSON.parse(text) as Facts;
}
