// SPDX-License-Identifier: MIT
// The daemon's socket at the place that belongs to its pins, and what it answers there.
import { type DaemonSocket, openDaemonSocket } from './daemon-socket.ts';
import type { Answer, Request } from './protocol.ts';

type Verdict = Pick<Answer, 'verdict' | 'lines'>;

export class SocketPlace {
  readonly #path: () => string;
  readonly #pid: number;
  readonly #reload: () => Promise<Verdict>;
  #socket: DaemonSocket | undefined;

  /** `path` is asked at each opening: pins made again have another one. */
  constructor(path: () => string, pid: number, reload: () => Promise<Verdict>) {
    this.#path = path;
    this.#pid = pid;
    this.#reload = reload;
  }

  async open(): Promise<void> {
    await this.close();
    this.#socket = await openDaemonSocket(this.#path(), (request) => this.#answer(request));
  }

  async close(): Promise<void> {
    await this.#socket?.close();
    this.#socket = undefined;
  }

  async #answer({ request }: Request): Promise<Answer> {
    const verdict: Verdict = request === 'reload' ? await this.#reload() : { verdict: 'here', lines: [] };
    return { pid: this.#pid, ...verdict };
  }
}
