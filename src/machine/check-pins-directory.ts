// SPDX-License-Identifier: MIT
// Whether pins can live where they are to: on a BPF file system. Creates nothing.
import { statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Finding } from './finding.ts';

const BPF_FS_MAGIC = 0xcafe4a11;
const USUAL_MOUNT = '/sys/fs/bpf';
const ELSEWHERE = `choose a directory below ${USUAL_MOUNT} for the pins`;

/** Looks at the directory or, where it does not exist yet, at the nearest one above it. `undefined`: it is fine. */
export function checkPinsDirectory(pins: string): Finding | undefined {
  const path = resolve(pins);
  const nearest = nearestExisting(path);
  if (!nearest.isDirectory) return { where: path, what: `${nearest.path} is no directory`, cure: ELSEWHERE };
  if (!isBpfFs(nearest.path)) return { where: path, what: 'is not on a BPF file system', cure: cureFor(path) };
  if (nearest.path === path || nearest.path === dirname(path)) return undefined;
  // made here it would be left behind: nobody would know whose it is
  return { where: path, what: 'the directory above it does not exist', cure: `mkdir -p ${dirname(path)}` };
}

/** What cannot be looked at counts as absent: what is above it tells enough. */
function nearestExisting(path: string): { path: string; isDirectory: boolean } {
  try {
    return { path, isDirectory: statSync(path).isDirectory() };
  } catch {
    return nearestExisting(dirname(path));
  }
}

function isBpfFs(path: string): boolean {
  // The kernel's type is a signed word on some architectures.
  return statfsSync(path).type >>> 0 === BPF_FS_MAGIC;
}

function cureFor(path: string): string {
  if (path.startsWith(`${USUAL_MOUNT}/`)) return `mount -t bpf bpf ${USUAL_MOUNT}`;
  return ELSEWHERE;
}
