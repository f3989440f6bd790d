// SPDX-License-Identifier: MIT
// Contract of FileLock, which is implemented in src/file_lock.cpp.

export interface FileLockOptions {
  /** Blocks the whole thread until the lock is free. Default: do not wait. */
  wait?: boolean;
}

/**
 * An exclusive lock (`flock(2)`) on a file or directory, a bpf file system's included: advisory, between processes and
 * within one. Never collected as garbage; it ends with `release()` or its thread.
 */
export declare class FileLock {
  private constructor();

  /** `undefined` when somebody else holds the lock. ENOENT and the like when the path cannot be opened for reading. */
  static acquire(path: string, options?: FileLockOptions): FileLock | undefined;

  /** Idempotent. */
  release(): void;
  [Symbol.dispose](): void;
}
