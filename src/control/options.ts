// SPDX-License-Identifier: MIT
// What every change of a router is given, and what the larger ones tell.
import type { Logger } from 'pino';

export interface UpOptions {
  /** the pins directory */
  readonly pins: string;
  /** the compiled data plane */
  readonly objectFile: string;
  readonly log: Logger;
}

export interface UpResult {
  readonly loaded: 'fresh' | 'reused' | 'upgraded';
  readonly mode: 'native' | 'generic' | 'offload';
  /** why this mode, in a phrase */
  readonly modeReason: string;
  /** what changed, one line each */
  readonly changes: readonly string[];
}
