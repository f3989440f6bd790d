// SPDX-License-Identifier: MIT
// Who may change a router: one at a time, by a lock on the pins directory; and its one daemon, by a second lock.
import { mkdirSync, statSync } from 'node:fs';
import { FileLock } from 'libbpf-ts';
import { pinPaths, removeIfEmpty } from '../dataplane/pins.ts';
import { checkPinsDirectory } from '../machine/check-pins-directory.ts';
import { formatFinding } from '../machine/finding.ts';
import { XlvsError } from '../model/xlvs-error.ts';

/** Others who leave remove directories at the same moment: one above may be gone before the one below is made. */
const RACES = 100;

function makeDirectory(path: string): void {
  for (let race = 1; ; race++) {
    try {
      mkdirSync(path, { recursive: true });
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT' && race < RACES) continue;
      throw new XlvsError('refused', `may not make the directory ${path}`, 'run as root', cause);
    }
  }
}

function isSameDirectory(path: string, inode: number): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === inode;
}

/**
 * One try at the lock on the directory that stands at `path`. `gone`: there is none (any more), since whoever had the
 * lock removed it on leaving.
 */
function tryLock(path: string, wait: boolean): FileLock | 'taken' | 'gone' {
  try {
    const { ino } = statSync(path);
    const lock = FileLock.acquire(path, { wait });
    if (!lock) return 'taken';
    if (isSameDirectory(path, ino)) return lock;
    lock.release();
    return 'gone';
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return 'gone';
    throw error;
  }
}

/** The lock on the directory at `path`, which is made if it is missing; `undefined` when another process has it. */
function lockDirectory(path: string, wait: boolean): FileLock | undefined {
  for (;;) {
    makeDirectory(path);
    const lock = tryLock(path, wait);
    if (lock === 'taken') return undefined;
    if (lock !== 'gone') return lock;
  }
}

/** Runs `work` while nobody else changes the router. Throws XlvsError when `pins` cannot hold pins. */
export async function withPinsLock<T>(pins: string, work: () => T | Promise<T>): Promise<T> {
  const finding = checkPinsDirectory(pins);
  if (finding) throw new XlvsError('refused', `${finding.where}: ${finding.what}`, finding.cure);
  const lock = lockDirectory(pins, true);
  try {
    return await work();
  } finally {
    removeIfEmpty(pins);
    lock?.release();
  }
}

/**
 * Does `work` if nobody changes the router now, this process included; `false`: somebody does. Never waits. Without a router there
 * is nothing to do.
 */
export function tryPinsLock(pins: string, work: () => void): boolean {
  const lock = tryLock(pins, false);
  if (!(lock instanceof FileLock)) return lock === 'gone';
  try {
    work();
    return true;
  } finally {
    lock.release();
  }
}

/** The place of the one daemon of these pins; `undefined` when another process has it. */
export function claimDaemon(pins: string): { release(): void } | undefined {
  const finding = checkPinsDirectory(pins);
  if (finding) throw new XlvsError('refused', formatFinding(finding));
  const lock = lockDirectory(pinPaths.daemon(pins), false);
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
  const lock = tryLock(pinPaths.daemon(pins), false);
  if (lock instanceof FileLock) lock.release();
  return lock === 'taken';
}
