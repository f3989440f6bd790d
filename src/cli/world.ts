// SPDX-License-Identifier: MIT
// All that a command may touch. The real one is real-world.ts; unit tests are their own, without a kernel.
import type { Logger } from 'pino';
import type { DrainResult } from '../control/drain.ts';
import type { UpOptions, UpResult } from '../control/options.ts';
import type { LogLevel } from '../daemon/create-log.ts';
import type { DaemonOptions } from '../daemon/daemon-options.ts';
import type { Answer, Request } from '../daemon/protocol.ts';
import type { StoppedDaemon } from '../daemon/stop-daemon.ts';
import type { DataPlane } from '../dataplane/data-plane.ts';
import type { Resolver } from '../ipvsadm/names.ts';
import type { Config } from '../model/model.ts';
import type { Output } from './output.ts';

/** What commands ask of src/control and src/daemon. */
export interface Control {
  /** Throws XlvsError `missing` when nothing is pinned there. */
  openRouter(pins: string): DataPlane;
  withPinsLock<T>(pins: string, act: () => T | Promise<T>): Promise<T>;
  bringUp(config: Config, options: UpOptions): Promise<UpResult>;
  bringDown(pins: string, log: Logger): Promise<{ readonly removed: readonly string[] }>;
  applyFile(config: Config, options: UpOptions): Promise<readonly string[]>;
  /** one line per difference between what runs and what the file says */
  differences(router: DataPlane, config: Config, pins: string): readonly string[];
  drain(router: DataPlane, service: string, server: string): DrainResult;
  undrain(router: DataPlane, service: string, server: string): DrainResult;
  /** has the kernel keep the servers' neighbours resolved, after an edit */
  holdServers(router: DataPlane): void;
  stopDaemon(pins: string): Promise<StoppedDaemon>;
  /** `undefined`: no daemon on these pins */
  askDaemon(pins: string, request: Request): Promise<Answer | undefined>;
}

export interface World {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** the BPF object */
  readonly objectFile: string;
  /** Throws as node:fs does. */
  readFile(path: string): string;
  /** all there is, to the end */
  readStdin(): string;
  readonly resolver: Resolver;
  /** whether a process of this pid exists */
  isAlive(pid: number): boolean;
  createLog(level: LogLevel, to: 'stdout' | 'stderr'): Logger;
  /** Loaded when first asked for: `xlvs check` and `--help` need no kernel. */
  control(): Promise<Control>;
  runDaemon(options: DaemonOptions): Promise<void>;
  /** Exit status of the demonstration. */
  runDemo(): Promise<number>;
}
