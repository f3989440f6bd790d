// SPDX-License-Identifier: MIT
// The config the daemon works by, and its exchange for another one: as a whole or not at all.
import type { Config, MetricsEndpoint } from '../model/model.ts';
import { formatEndpoint } from '../net/endpoint.ts';
import type { DaemonOptions } from './daemon-options.ts';
import type { DaemonControl } from './daemon-world.ts';
import { errorLines } from './error-lines.ts';
import type { MetricsPlace } from './metrics-place.ts';
import type { Answer } from './protocol.ts';

export class ConfigInForce {
  readonly #control: DaemonControl;
  readonly #options: DaemonOptions;
  readonly #metrics: MetricsPlace;
  #config: Config;

  /** Throws when the file cannot be used. */
  constructor(control: DaemonControl, options: DaemonOptions, metrics: MetricsPlace) {
    this.#control = control;
    this.#options = options;
    this.#metrics = metrics;
    this.#config = this.#load();
  }

  get config(): Config {
    return this.#config;
  }

  /** Applies what differs between the file as it was and as it is. Never throws: a refusal is a verdict, and logged. */
  async reload(): Promise<Pick<Answer, 'verdict' | 'lines'>> {
    const { log } = this.#options;
    try {
      const lines = await this.#exchange(this.#load());
      log.info({ changes: lines }, lines.length > 0 ? 'reloaded' : 'reloaded: nothing changed');
      return { verdict: 'applied', lines };
    } catch (error) {
      const lines = errorLines(error);
      log.error({ errors: lines }, 'reload refused: the old config stays in force');
      return { verdict: 'refused', lines };
    }
  }

  async #exchange(next: Config): Promise<readonly string[]> {
    await this.#metrics.move(next.metrics);
    try {
      const changes = await this.#control.reload(next, this.#options);
      const lines = [...changes, ...metricsMove(this.#config.metrics, next.metrics)];
      this.#config = next;
      return lines;
    } catch (error) {
      await this.#metrics.move(this.#config.metrics);
      throw error;
    }
  }

  #load(): Config {
    const { config, warnings } = this.#options.loadConfig();
    for (const warning of warnings) this.#options.log.warn(warning);
    return config;
  }
}

function metricsMove(from: MetricsEndpoint, to: MetricsEndpoint): string[] {
  const [before, after] = [from, to].map(({ host, port }) => formatEndpoint(host, port));
  return before === after ? [] : [`~ metrics: listen ${before} -> ${after}`];
}
