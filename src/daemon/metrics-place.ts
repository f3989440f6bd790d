// SPDX-License-Identifier: MIT
// The metrics endpoint of a daemon whose config may move it. Serves nothing itself.
import { type MetricsServer, type MetricsSource, startMetrics } from '../metrics/metrics-server.ts';
import type { MetricsEndpoint } from '../model/model.ts';

export class MetricsPlace {
  readonly #source: MetricsSource;
  #endpoint: MetricsEndpoint | undefined;
  #server: MetricsServer | undefined;

  constructor(source: MetricsSource) {
    this.#source = source;
  }

  /** the port listened at, 0 when closed */
  get port(): number {
    return this.#server?.port ?? 0;
  }

  /** Listens at `to` and nowhere else. Throws XlvsError when it cannot, and listens where it did before. */
  async move(to: MetricsEndpoint): Promise<void> {
    const from = this.#endpoint;
    if (from?.host === to.host && from.port === to.port) return;
    await this.close();
    try {
      await this.#listen(to);
    } catch (error) {
      if (from) await this.#listen(from);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
    this.#endpoint = undefined;
  }

  async #listen(endpoint: MetricsEndpoint): Promise<void> {
    this.#server = await startMetrics(endpoint, this.#source);
    this.#endpoint = endpoint;
  }
}
