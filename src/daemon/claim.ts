// SPDX-License-Identifier: MIT
// The daemon's claim on its pins, and the refusal that names who has it.
import { XlvsError } from '../model/xlvs-error.ts';
import { askDaemon } from './ask-daemon.ts';
import type { DaemonControl } from './daemon-world.ts';

const PATIENCE_MS = 2_000;

export class Claim {
  readonly #control: DaemonControl;
  readonly #pins: string;
  #held: { release(): void } | undefined;

  constructor(control: DaemonControl, pins: string) {
    this.#control = control;
    this.#pins = pins;
  }

  /** Also after the pins were made again: a lock on a directory that is gone keeps nobody out. Throws XlvsError `busy`. */
  async take(): Promise<void> {
    this.release();
    this.#held = this.#control.claimDaemon(this.#pins);
    if (this.#held) return;
    const cure = 'stop that one (xlvs down, or SIGTERM), or choose other pins with --pins';
    throw new XlvsError('busy', `another daemon${await this.#otherPid()} holds ${this.#pins}`, cure);
  }

  release(): void {
    this.#held?.release();
    this.#held = undefined;
  }

  /** A daemon that is only starting has no socket yet and stays unnamed. */
  async #otherPid(): Promise<string> {
    try {
      const answer = await askDaemon(this.#control.daemonSocketPath(this.#pins), { request: 'who' }, PATIENCE_MS);
      return answer ? ` (pid ${answer.pid})` : '';
    } catch {
      return '';
    }
  }
}
