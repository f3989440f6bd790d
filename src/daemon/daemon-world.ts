// SPDX-License-Identifier: MIT
// What the daemon needs of control, the machine and the process it runs in: all it touches goes through here, so that a
// test can be the world.
import type { UpOptions, UpResult } from '../control/options.ts';
import type { DataPlane } from '../dataplane/data-plane.ts';
import type { MachineChange } from '../machine/rtnetlink-change.ts';
import type { Config } from '../model/model.ts';

export interface DaemonControl {
  /** One daemon per pins: `undefined` when another one holds them. */
  claimDaemon(pins: string): { release(): void } | undefined;
  resume(config: Config, options: UpOptions): Promise<UpResult>;
  reload(to: Config, options: UpOptions): Promise<readonly string[]>;
  restoreAttachments(config: Config, options: UpOptions): Promise<readonly string[]>;
  /** Does `work` if nobody changes the router, this process included; `false`: somebody does. Never waits. */
  tryPinsLock(pins: string, work: () => void): boolean;
  /** Throws XlvsError `missing` when nothing is pinned there. */
  openRouter(pins: string): DataPlane;
  watchMachine(onChange: (what: MachineChange) => void): { close(): void };
  daemonSocketPath(pins: string): string;
}

export interface DaemonWorld {
  readonly control: DaemonControl;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** Free memory of the machine in pages, as IPVS counts it. */
  freePages(): number;
  /** Calls `handler` on each arrival of the signal until the returned function is called. */
  onSignal(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', handler: () => void): () => void;
  /** Tells the service manager, e.g. `READY=1`; does nothing without one. */
  notify(state: string): void;
}
