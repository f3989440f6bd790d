// SPDX-License-Identifier: MIT
// Keeps the data plane as it should be while the machine around it changes: next hops asked for again, lost attachments,
// addresses and pins restored. Never undoes what a command changed.

import { setTimeout as pause } from 'node:timers/promises';
import type { UpOptions } from '../control/options.ts';
import type { MachineChange } from '../machine/rtnetlink-change.ts';
import type { Config } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import type { DaemonControl } from './daemon-world.ts';
import { errorLines } from './error-lines.ts';
import type { RouterHandle } from './router-handle.ts';
import type { Turnstile } from './turnstile.ts';

/** As long as changes of the machine are gathered. */
const RETRY_MS = 20;

export interface KeeperParts {
  readonly control: DaemonControl;
  readonly options: UpOptions;
  readonly router: RouterHandle;
  readonly turnstile: Turnstile;
  /** the config in force */
  config(): Config;
  /** The pins were gone and have been made again. */
  onNewPins(): Promise<void>;
}

export class Keeper {
  readonly #parts: KeeperParts;
  #isWaiting = false;
  #isGivingUp = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** Something about the machine changed. */
  notice(what: MachineChange): void {
    void this.#giveUpHops();
    if (what === 'link' || what === 'address') void this.restore();
  }

  /** Restores what was lost; failures are logged, the next inspection tries again. Asked for twice, it is done once. */
  async restore(): Promise<void> {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    await this.#parts.turnstile.pass(async () => {
      this.#isWaiting = false;
      await this.#restoreNow().catch((error: unknown) => this.#warn(error));
    });
  }

  async #restoreNow(): Promise<void> {
    const { control, options, config, router } = this.#parts;
    const journal = router.current?.readDocument('machine');
    const changes = this.#reopen()
      ? await control.restoreAttachments(config(), options)
      : await this.#makeAgain(journal);
    for (const change of changes) options.log.info(`restored: ${change}`);
  }

  /** False when the pins are gone. */
  #reopen(): boolean {
    try {
      this.#parts.router.reopen();
      return true;
    } catch (error) {
      if (error instanceof XlvsError && error.code === 'missing') return false;
      throw error;
    }
  }

  /** `journal`: what xlvs added to the machine, which pins made again know nothing of; `down` takes it back. */
  async #makeAgain(journal: string | undefined): Promise<readonly string[]> {
    const { control, options, router, config, onNewPins } = this.#parts;
    options.log.warn({ pins: options.pins }, 'the pins are gone: making them again');
    const { changes } = await control.resume(config(), options);
    const made = router.reopen();
    if (journal !== undefined) made.writeDocument('machine', journal);
    await onNewPins();
    return changes;
  }

  /**
   * Has next hops looked up again: at once, or as soon as nobody changes the router, whose settings are written as a whole. Asked
   * for meanwhile, it is done once. Waiting in the lock would stop the daemon, for good if it is this process that has it.
   */
  async #giveUpHops(): Promise<void> {
    if (this.#isGivingUp) return;
    this.#isGivingUp = true;
    while (!this.#tryGiveUpHops()) await pause(RETRY_MS);
    this.#isGivingUp = false;
  }

  /** False while somebody changes the router. A failure is logged; the next change of the machine tries again. */
  #tryGiveUpHops(): boolean {
    const { control, options, router } = this.#parts;
    try {
      return !router.current || control.tryPinsLock(options.pins, () => router.current?.bumpGeneration());
    } catch (error) {
      this.#warn(error);
      return true;
    }
  }

  #warn(error: unknown): void {
    this.#parts.options.log.warn({ err: error }, errorLines(error).join(' '));
  }
}
