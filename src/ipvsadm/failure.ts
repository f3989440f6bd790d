// SPDX-License-Identifier: MIT
// How a call of ipvsadm ends when it does not do what it was asked: one line on stderr, and the exit status scripts know.

/** 2: wrong arguments; 255: refused, as the kernel refuses IPVS's; 1: a service to list that is not there. */
export type FailureStatus = 1 | 2 | 255;

export class Failure extends Error {
  override readonly name = 'Failure';
  readonly status: FailureStatus;

  constructor(status: FailureStatus, message: string) {
    super(message);
    this.status = status;
  }
}

/** Wrong arguments: nothing was looked at, let alone changed. */
export function misuse(message: string): Failure {
  return new Failure(2, message);
}

/** Right arguments that what runs does not allow. */
export function refusal(message: string): Failure {
  return new Failure(255, message);
}

/** What ipvsadm says when it does not know where to begin. */
export function tryHelp(): Failure {
  return refusal("Try `ipvsadm -h' or 'ipvsadm --help' for more information.");
}
