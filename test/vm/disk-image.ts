// SPDX-License-Identifier: MIT
// A guest's disk: an ext4 image with programs of this machine, the libraries they want, and the work under /w.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** For listings without -n: of some places, so that both kinds are seen. */
const NAMED_PORTS = 'discard 9/tcp\ndomain 53/tcp\ndomain 53/udp\nhttp 80/tcp\nhttps 443/tcp\nhttp-alt 8080/tcp\n';
const NAMED_HOSTS = '127.0.0.1 localhost\n10.0.0.1 one.lab\n2001:db8:a::1 one6.lab\n';

const PLACES = ['bin', 'tmp', 'run', 'proc', 'sys', 'dev', 'etc', 'w', 'var', 'root', 'usr/bin'];
const SPARE_MEGABYTES = 24;

/** The shared libraries a file is linked with. */
function librariesOf(file: string): string[] {
  try {
    const listed = execFileSync('ldd', [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [...listed.matchAll(/(\/\S+\.so\S*)/g)].map(([, library]) => library as string);
  } catch {
    return [];
  }
}

class Tree {
  readonly root = mkdtempSync(join(tmpdir(), 'xlvs-disk-'));

  /** A file of this machine with its libraries, at `place` or where it is here. */
  add(file: string, place = file): void {
    for (const library of librariesOf(file)) this.#copy(library, library);
    this.#copy(file, place);
  }

  #copy(from: string, to: string): void {
    const target = join(this.root, to);
    if (existsSync(target)) return;
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(realpathSync(from), target);
  }
}

/** Where a program of this machine is. Throws when it is missing. */
function which(program: string): string {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  }).trim();
}

export interface DiskContents {
  /** names of programs, and Node.js besides */
  readonly programs: readonly string[];
  /** directory that becomes /w */
  readonly work: string;
  /** files below `work` whose libraries must be there, too */
  readonly linked: readonly string[];
}

/** Writes the image to `output`. */
export function writeDisk({ programs, work, linked }: DiskContents, output: string): void {
  const tree = new Tree();
  try {
    for (const place of PLACES) mkdirSync(join(tree.root, place), { recursive: true });
    tree.add(process.execPath, '/usr/bin/node');
    for (const program of programs) tree.add(which(program), `/usr/bin/${program}`);
    tree.add('/bin/busybox', '/bin/busybox');
    // busybox's own shell takes its applets for the programs of the same name
    tree.add('/bin/sh', '/bin/sh');
    for (const applet of execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).split('\n').filter(Boolean)) {
      if (!['usr/bin', 'bin'].some((place) => existsSync(join(tree.root, place, applet))))
        symlinkSync('busybox', join(tree.root, 'bin', applet));
    }
    writeFileSync(join(tree.root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\ntcpdump:x:1:1::/:/bin/false\n');
    writeFileSync(join(tree.root, 'etc/services'), NAMED_PORTS);
    writeFileSync(join(tree.root, 'etc/hosts'), NAMED_HOSTS);
    writeFileSync(join(tree.root, 'etc/group'), 'root:x:0:\ntcpdump:x:1:\n');
    cpSync(work, join(tree.root, 'w'), { recursive: true, preserveTimestamps: true });
    for (const file of linked) tree.add(join(work, file), join('/w', file));
    const megabytes = Number(execFileSync('du', ['-sm', tree.root], { encoding: 'utf8' }).split('\t')[0]);
    rmSync(output, { force: true });
    execFileSync('truncate', ['-s', `${megabytes + SPARE_MEGABYTES}M`, output]);
    execFileSync('mkfs.ext4', ['-q', '-O', '^has_journal', '-d', tree.root, output]);
  } finally {
    rmSync(tree.root, { recursive: true, force: true });
  }
}
