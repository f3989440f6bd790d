// SPDX-License-Identifier: MIT
// A type this library refuses to read or write, named by its path from the outermost type.

/** e.g. "struct flow.flags: bitfield"; `path` and `reason` are its two halves. */
export class UnrepresentableError extends Error {
  override readonly name = 'UnrepresentableError';
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}
