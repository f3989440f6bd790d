// SPDX-License-Identifier: MIT
// The first file system of a guest: busybox, init.sh, and the modules it needs in the order in which they load.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KernelImage } from './kernel-image.ts';

const DECOMPRESSORS: Readonly<Record<string, string>> = { '.xz': 'xz', '.zst': 'zstd', '.gz': 'gzip' };

/** Files of the modules and of what they depend on; a module that is built in needs none. */
function moduleFiles({ root, version }: KernelImage, names: readonly string[]): string[] {
  const files = names.flatMap((name) => {
    const lines = execFileSync('modprobe', ['-d', root, '-S', version, '--show-depends', name], { encoding: 'utf8' });
    return [...lines.matchAll(/^insmod (\S+)/gm)].map(([, file]) => file as string);
  });
  return [...new Set(files)];
}

function readModule(file: string): Uint8Array {
  const program = Object.entries(DECOMPRESSORS).find(([ending]) => file.endsWith(ending))?.[1];
  const [command, ...args] = program === undefined ? ['cat', file] : [program, '-dc', file];
  return execFileSync(command, args, { maxBuffer: 1 << 28 });
}

/**
 * Writes a cpio archive to `output`. `command`: shell words that init.sh runs in /w of the disk; the kernel's own command line
 * would take some 2,000 characters of it. Throws when a module is not to be had.
 */
export function writeInitrd(kernel: KernelImage, modules: readonly string[], command: string, output: string): void {
  const tree = mkdtempSync(join(tmpdir(), 'xlvs-initrd-'));
  try {
    for (const place of ['bin', 'proc', 'sys', 'dev', 'disk', 'modules']) mkdirSync(join(tree, place));
    copyFileSync('/bin/busybox', join(tree, 'bin/busybox'));
    symlinkSync('busybox', join(tree, 'bin/sh'));
    moduleFiles(kernel, modules).forEach((file, i) => {
      const name = basename(file).replace(/\.ko.*$/, '.ko');
      writeFileSync(join(tree, 'modules', `${String(i).padStart(3, '0')}-${name}`), readModule(file));
    });
    writeFileSync(join(tree, 'command'), command);
    copyFileSync(fileURLToPath(new URL('../../test/vm/init.sh', import.meta.url)), join(tree, 'init'));
    execFileSync('chmod', ['755', join(tree, 'init')]);
    execFileSync('sh', ['-c', `find . | cpio --quiet -o -H newc > "$1"`, 'sh', output], { cwd: tree });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
