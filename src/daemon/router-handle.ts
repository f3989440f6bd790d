// SPDX-License-Identifier: MIT
// The daemon's one open data plane. It is opened again from its pins now and then: a command may have replaced them.
import type { DataPlane } from '../dataplane/data-plane.ts';

export class RouterHandle {
  readonly #open: () => DataPlane;
  #router: DataPlane | undefined;

  constructor(open: () => DataPlane) {
    this.#open = open;
  }

  /** `undefined` before the first `reopen` and after `close`. */
  get current(): DataPlane | undefined {
    return this.#router;
  }

  /** Throws what opening throws; then there is none. */
  reopen(): DataPlane {
    this.close();
    this.#router = this.#open();
    return this.#router;
  }

  close(): void {
    this.#router?.close();
    this.#router = undefined;
  }
}
