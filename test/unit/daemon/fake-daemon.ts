// SPDX-License-Identifier: MIT
// A daemon whose control, signals and machine are the test's. Its socket and its metrics endpoint are real.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { UpResult } from '../../../src/control/options.ts';
import type { DaemonControl, DaemonWorld } from '../../../src/daemon/daemon-world.ts';
import { runDaemon } from '../../../src/daemon/run-daemon.ts';
import type { AttachedInterface } from '../../../src/dataplane/data-plane.ts';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import type { MachineChange } from '../../../src/machine/rtnetlink-change.ts';
import { type Config, DEFAULT_SWITCHES, NO_LIMITS } from '../../../src/model/model.ts';

export const ETH0: AttachedInterface = { device: 'eth0', ifindex: 2, role: 'public', mode: 'native' };

export function configOf(change: Partial<Config> = {}): Config {
  return {
    interfaces: [{ device: 'eth0', role: 'public', mode: 'auto', addresses: [] }],
    marks: [],
    services: [],
    timeouts: { tcp: 900, tcpfin: 120, udp: 300 },
    tables: { connections: 1000, persistence: 1000, fragments: 1000 },
    switches: DEFAULT_SWITCHES,
    limits: NO_LIMITS,
    metrics: { host: '127.0.0.1', port: 0 },
    ...change,
  };
}

const RESUMED: UpResult = {
  loaded: 'fresh',
  mode: 'native',
  modeReason: 'every interface can',
  changes: ['+ service web'],
};

export class FakeDaemon {
  readonly directory = mkdtempSync(join(tmpdir(), 'xlvs-daemon-'));
  readonly socketPath = join(this.directory, 'run', 'socket');
  readonly router = new MemoryDataPlane({ interfaces: [ETH0] });
  /** what happened, in order */
  readonly happened: string[] = [];
  readonly log: { readonly level: number; readonly msg: string; readonly [field: string]: unknown }[] = [];
  /** what the config file says when it is read next */
  loadConfig = () => ({ config: configOf(), warnings: [] as readonly string[] });
  /** whether somebody changes the router */
  isLocked = false;
  readonly control: DaemonControl;
  env: Record<string, string> = {};
  #handlers = new Map<string, () => void>();
  #onChange: (what: MachineChange) => void = () => {};
  #ended: Promise<void> = Promise.resolve();

  constructor(control: Partial<DaemonControl> = {}) {
    const note = (what: string) => void this.happened.push(what);
    this.control = {
      claimDaemon: () => {
        note('claim');
        return { release: () => note('release') };
      },
      resume: async () => {
        note('resume');
        return RESUMED;
      },
      reload: async () => {
        note('reload');
        return [];
      },
      restoreAttachments: async () => {
        note('restore');
        return [];
      },
      tryPinsLock: (_pins, work) => {
        if (!this.isLocked) work();
        return !this.isLocked;
      },
      openRouter: () => this.router,
      watchMachine: (onChange) => {
        this.#onChange = onChange;
        return { close: () => note('unwatch') };
      },
      daemonSocketPath: () => this.socketPath,
      ...control,
    };
  }

  /** Starts it; resolves when it is ready, or rejects as it does. */
  async start(): Promise<void> {
    let ready = () => {};
    const isReady = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const notify = (state: string) => {
      this.happened.push(state);
      if (state === 'READY=1') ready();
    };
    const world: DaemonWorld = {
      control: this.control,
      env: this.env,
      pid: 42,
      freePages: () => 100_000,
      onSignal: this.#onSignal,
      notify,
    };
    const log = pino({}, { write: (line: string) => void this.log.push(JSON.parse(line)) });
    const loadConfig = () => this.loadConfig();
    this.#ended = runDaemon(world, { pins: '/pins', objectFile: '/o', log, loadConfig, version: '1' });
    this.#ended.catch(() => {});
    await Promise.race([isReady, this.#ended]);
  }

  get metricsPort(): number {
    return Number(this.log.find(({ msg }) => msg === 'ready')?.metricsPort);
  }

  signal(name: string): void {
    this.#handlers.get(name)?.();
  }

  change(what: MachineChange): void {
    this.#onChange(what);
  }

  /** SIGTERM, and what is left behind removed. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await this.#ended.catch(() => {});
    rmSync(this.directory, { recursive: true });
  }

  readonly #onSignal = (name: string, handler: () => void) => {
    this.#handlers.set(name, handler);
    return () => void this.#handlers.delete(name);
  };
}

/** Waits until `isTrue`; a test's own limit ends it. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}
