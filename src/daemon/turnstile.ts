// SPDX-License-Identifier: MIT
// One at a time: work that changes the router waits here for its turn, in the order in which it came.

export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `work` does; what waits behind it does not mind a failure. */
  pass<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when everything that came before has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
