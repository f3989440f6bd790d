// SPDX-License-Identifier: MIT
// What the command line tells the daemon.

import type { UpOptions } from '../control/options.ts';
import type { Config } from '../model/model.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** one line each */
  readonly warnings: readonly string[];
}

export interface DaemonOptions extends UpOptions {
  /** Reads the file again at each call. Throws ConfigProblems or XlvsError. */
  loadConfig(): LoadedConfig;
  /** xlvs's own, for `xlvs_build_info` */
  readonly version: string;
}
