// SPDX-License-Identifier: MIT
// The user asked for something that cannot be: one line that says what and where, and the cure. Never the kernel's word
// alone; that is BpfError, which may be the cause.

/** `usage`: wrong arguments or config (exit status 2); everything else exits with 1. */
export type XlvsErrorCode = 'usage' | 'conflict' | 'missing' | 'full' | 'refused' | 'unsupported' | 'busy';

export class XlvsError extends Error {
  override readonly name = 'XlvsError';
  readonly code: XlvsErrorCode;
  /** what to do about it; a phrase that can follow a semicolon */
  readonly hint: string | undefined;
  /** one line each, when there is more than one thing to say */
  readonly details: readonly string[];

  constructor(code: XlvsErrorCode, message: string, hint?: string, cause?: unknown, details: readonly string[] = []) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.details = details;
  }

  /** Message and cure in one line. */
  get line(): string {
    return this.hint === undefined ? this.message : `${this.message}; ${this.hint}`;
  }
}
