// SPDX-License-Identifier: MIT
// Who may change a router: one at a time, by a lock on the pins directory; and its one daemon, by a second lock.
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { BpfError, FileLock } from 'libbpf-ts';
import { pinPaths } from '../dataplane/pins.ts';
import { checkPinsDirectory } from '../machine/check-pins-directory.ts';
import { formatFinding } from '../machine/finding.ts';
import { XlvsError } from '../model/xlvs-error.ts';

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new XlvsError('refused', `may not make the directory ${path}`, 'run as root', cause);
  }
}

function isSameDirectory(path: string, inode: number): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === inode;
}

/** The lock on the directory that stands at `pins` now: `xlvs down` may remove it while somebody waits. */
function lockDirectory(pins: string): FileLock {
  for (;;) {
    makeDirectory(pins);
    const inode = statSync(pins).ino;
    const lock = acquire(pins);
    if (lock && isSameDirectory(pins, inode)) return lock;
    lock?.release();
  }
}

function acquire(path: string): FileLock | undefined {
  try {
    return FileLock.acquire(path, { wait: true });
  } catch (error) {
    if (error instanceof BpfError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // a router lives there
  }
}

/** Runs `work` while nobody else changes the router. Throws XlvsError when `pins` cannot hold pins. */
export async function withPinsLock<T>(pins: string, work: () => T | Promise<T>): Promise<T> {
  const finding = checkPinsDirectory(pins);
  if (finding) throw new XlvsError('refused', `${finding.where}: ${finding.what}`, finding.cure);
  const lock = lockDirectory(pins);
  try {
    return await work();
  } finally {
    removeIfEmpty(pins);
    lock.release();
  }
}

/** The place of the one daemon of these pins; `undefined` when another process has it. */
export function claimDaemon(pins: string): { release(): void } | undefined {
  const finding = checkPinsDirectory(pins);
  if (finding) throw new XlvsError('refused', formatFinding(finding));
  makeDirectory(pinPaths.daemon(pins));
  const lock = FileLock.acquire(pinPaths.daemon(pins));
  if (!lock) return undefined;
  return {
    release: () => {
      removeIfEmpty(pinPaths.daemon(pins));
      removeIfEmpty(pins);
      lock.release();
    },
  };
}

/** Whether a daemon holds these pins. */
export function isDaemonRunning(pins: string): boolean {
  if (!statSync(pinPaths.daemon(pins), { throwIfNoEntry: false })) return false;
  const lock = FileLock.acquire(pinPaths.daemon(pins));
  lock?.release();
  return lock === undefined;
}
