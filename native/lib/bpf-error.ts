// SPDX-License-Identifier: MIT
// The one error class for "the kernel or libbpf said no". The addon throws it; tests and other implementations of the
// same interfaces may make their own.
import { verifierReason } from './verifier-reason.ts';

export interface BpfFailure {
  /** What was tried: `'map set'`, `'object load'`. */
  operation: string;
  /** What it was tried on: a map's or program's name, a path, a device. */
  object: string;
  /** Name of the errno, `'EPERM'`; the kernel's internal 524 is `'ENOTSUPP'`. */
  code: string;
  /** The errno, positive. */
  errno: number;
  /** The errno in words. */
  reason?: string;
  /** A sentence that says more than the errno does. */
  detail?: string;
  /** What libbpf printed, and with it the verifier's log of a refused program. */
  log?: string;
  /** How many entries a batch had finished before it failed. */
  done?: number;
}

function messageOf(failure: BpfFailure): string {
  const { operation, object, code, detail, log } = failure;
  if (detail !== undefined) return `${operation}: ${detail} (${code})`;
  const reason = (log && verifierReason(log)) ?? failure.reason ?? code;
  return `${operation} ${object}: ${reason} (${code})`;
}

export class BpfError extends Error {
  override readonly name = 'BpfError';
  readonly operation: string;
  readonly object: string;
  readonly code: string;
  readonly errno: number;
  /** Whole log, many lines; the message has the decisive one. */
  declare readonly log?: string;
  declare readonly done?: number;

  constructor(failure: BpfFailure) {
    super(messageOf(failure));
    this.operation = failure.operation;
    this.object = failure.object;
    this.code = failure.code;
    this.errno = failure.errno;
    if (failure.log !== undefined) this.log = failure.log;
    if (failure.done !== undefined) this.done = failure.done;
  }
}
