// SPDX-License-Identifier: MIT
// A Debian kernel, unpacked into a cache and never installed: the image and its modules.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AptArchive } from './apt-archive.ts';
import { compareVersions, type KernelLine } from './kernels.ts';

export interface KernelImage {
  /** as `uname -r` says it */
  readonly version: string;
  readonly suite: string;
  readonly vmlinuz: string;
  /** what `modprobe -d` takes: above lib/modules */
  readonly root: string;
}

/** An image of less is only a name for the packages that have the parts. */
const WHOLE_IMAGE_BYTES = 10_000_000;

/**
 * The packages that make up a version. Up to 6.18 one linux-image package holds all; later ones are in three parts. Suites
 * keep old versions of which parts are gone: undefined then.
 */
function packagesOf(archive: AptArchive, version: string): string[] | undefined {
  const parts = [`linux-binary-${version}`, `linux-modules-${version}`, `linux-base-${version}`];
  const has = (name: string): boolean => archive.field(name, 'Filename') !== undefined;
  if (parts.every(has)) return parts;
  if (parts.slice(1).some(has)) return undefined;
  const wholes = [`linux-image-${version}-unsigned`, `linux-image-${version}`];
  const whole = wholes.find((name) => Number(archive.field(name, 'Size') ?? 0) > WHOLE_IMAGE_BYTES);
  return whole === undefined ? undefined : [whole];
}

/** Versions of cloud kernels of this line, newest first. */
function versionsOf(archive: AptArchive, line: string): string[] {
  const pattern = /^linux-image-(\d\S*-cloud-amd64)(?:-unsigned)?$/;
  const versions = archive.names('linux-image-').flatMap((name) => pattern.exec(name)?.[1] ?? []);
  const ofLine = versions.filter((version) => line === 'newest' || new RegExp(`^${line}[.+~-]`).test(version));
  return [...new Set(ofLine)].sort(compareVersions).reverse();
}

function unpack(archive: AptArchive, version: string, packages: readonly string[], root: string): void {
  const aside = `${root}.${process.pid}`;
  try {
    for (const file of archive.download(packages, aside)) {
      execFileSync('dpkg-deb', ['-x', file, aside]);
      rmSync(file);
    }
    // from 6.19 on modules are below usr/lib
    if (!existsSync(join(aside, 'lib')) && existsSync(join(aside, 'usr/lib/modules'))) {
      mkdirSync(join(aside, 'lib'));
      renameSync(join(aside, 'usr/lib/modules'), join(aside, 'lib/modules'));
    }
    rmSync(join(aside, 'usr'), { recursive: true, force: true });
    execFileSync('depmod', ['-b', aside, version]);
    writeFileSync(join(aside, 'suite'), archive.suite);
    rmSync(root, { recursive: true, force: true });
    renameSync(aside, root);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function imageAt(root: string, version: string): KernelImage {
  const places = [`boot/vmlinuz-${version}`, `lib/modules/${version}/vmlinuz`].map((place) => join(root, place));
  const vmlinuz = places.find((place) => existsSync(place));
  if (vmlinuz === undefined) throw new Error(`none of ${places.join(', ')}`);
  return { version, suite: readFileSync(join(root, 'suite'), 'utf8'), vmlinuz, root };
}

/** In a suite of the mirror. */
interface Candidate {
  readonly archive: AptArchive;
  readonly version: string;
}

/** Suites that the mirror does not have are noted in `silent`. */
function* candidatesIn(
  mirror: string,
  { line, suites }: KernelLine,
  cache: string,
  silent: string[],
): Generator<Candidate> {
  for (const suite of suites) {
    let archive: AptArchive;
    try {
      archive = new AptArchive(mirror, suite, join(cache, 'apt'));
    } catch {
      silent.push(suite);
      continue;
    }
    for (const version of versionsOf(archive, line)) yield { archive, version };
  }
}

/** Of a line the suites go in their order; the newest may be in any. */
function ordered(candidates: Iterable<Candidate>, line: string): Iterable<Candidate> {
  if (line !== 'newest') return candidates;
  return [...candidates].sort((a, b) => compareVersions(b.version, a.version));
}

/** The newest complete kernel of a line, from the cache where it is there. Throws when no suite of the mirror has one. */
export function fetchKernel(mirror: string, wanted: KernelLine, cache: string): KernelImage {
  const silent: string[] = [];
  for (const { archive, version } of ordered(candidatesIn(mirror, wanted, cache, silent), wanted.line)) {
    const root = join(cache, version);
    if (existsSync(join(root, 'suite'))) return imageAt(root, version);
    const packages = packagesOf(archive, version);
    if (!packages) continue;
    unpack(archive, version, packages, root);
    return imageAt(root, version);
  }
  const unread = silent.length > 0 ? ` (not on the mirror: ${silent.join(', ')})` : '';
  throw new Error(`no complete cloud kernel ${wanted.line} in ${wanted.suites.join(', ')}${unread}`);
}
