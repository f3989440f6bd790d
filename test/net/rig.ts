// SPDX-License-Identifier: MIT
// A lab whose router runs xlvs as an operator would: a config file, the built program, pins of its own. Knows what the
// program prints and pins, nothing of how it works.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { ConfigInput } from '../../src/config/schema.ts';
import type { ExecOptions, ExecResult } from '../../src/lab/host.ts';
import { Lab } from '../../src/lab/lab.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import type { LabOptions } from '../../src/lab/topology.ts';
import type { MachineSnapshot } from '../../src/machine/machine-snapshot.ts';
import { PROBE } from './probe.ts';
import type { ShownConnection, ShownPersistence, ShownServer, ShownService, ShownStatus } from './shown.ts';

export const XLVS = fileURLToPath(new URL('../../build/xlvs', import.meta.url));
export const OBJECT = fileURLToPath(new URL('../../build/xlvs.bpf.o', import.meta.url));
export const VIP = '192.0.2.10';

/** What a test says of its config; the rest is `defaults`. */
export type RigConfig = Partial<ConfigInput>;

interface Shown {
  readonly status: ShownStatus;
  readonly services: readonly ShownService[];
  readonly servers: readonly ShownServer[];
  readonly connections: readonly ShownConnection[];
  readonly persistence: readonly ShownPersistence[];
}

/** Clients at pub0, where the VIP appears; servers at prv0. Small tables: they are preallocated. */
const defaults: ConfigInput = {
  interfaces: [
    { device: 'pub0', role: 'public', addresses: [`${VIP}/24`] },
    { device: 'prv0', role: 'private' },
  ],
  tables: { connections: 16_384, persistence: 1024, fragments: 1024 },
};

/** A config as text. JSON would be YAML too; this is what an operator's file looks like. */
export const configText = (config: RigConfig = {}): string => stringify({ ...defaults, ...config });

export class Rig {
  readonly lab: Lab;
  readonly pins: string;
  readonly configFile: string;

  /** A lab with a config file; nothing of xlvs runs yet. */
  static async create(options: LabOptions, config: RigConfig = {}): Promise<Rig> {
    if (!existsSync(XLVS)) throw new Error(`${XLVS} is missing: run make`);
    return new Rig(Lab.create(options), config);
  }

  private constructor(lab: Lab, config: RigConfig) {
    this.lab = lab;
    this.pins = join(lab.mountBpffs(), 'xlvs');
    this.configFile = join(lab.directory, 'xlvs.yaml');
    this.write(config);
  }

  /** Replaces the config file by `config` over the defaults, or by this text. */
  write(config: RigConfig | string): void {
    writeFileSync(this.configFile, typeof config === 'string' ? config : configText(config));
  }

  /** Runs a command on the router. As `Host.exec`: throws unless it succeeds or `check` is false. */
  xlvs(args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return this.lab.router.exec(XLVS, [...args, '--pins', this.pins], options);
  }

  /** As `xlvs`, but a failure is a result. */
  tryXlvs(args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return this.xlvs(args, { ...options, check: false });
  }

  /** `xlvs up`; returns what it printed. */
  async up(options: ExecOptions = {}): Promise<string> {
    return (await this.xlvs(['up', '--config', this.configFile], options)).stdout;
  }

  /** Starts the daemon; it may or may not become ready. */
  run(options: Pick<ExecOptions, 'env'> = {}): LabProcess {
    return this.lab.router.spawn(XLVS, ['run', '--config', this.configFile, '--pins', this.pins], options);
  }

  /** Starts the daemon and waits until it is ready. */
  daemon(options: Pick<ExecOptions, 'env'> = {}): Promise<LabProcess> {
    return this.run(options).says('"msg":"ready"');
  }

  /** What a noun shows with --json. */
  async show<N extends keyof Shown>(noun: N, ...args: string[]): Promise<Shown[N]> {
    return JSON.parse((await this.xlvs([noun, '--json', ...args])).stdout) as Shown[N];
  }

  /** Everything xlvs may touch in the router's namespace. */
  async snapshot(): Promise<MachineSnapshot> {
    const { stdout } = await this.lab.router.exec(process.execPath, [PROBE, '[["machineSnapshot"]]']);
    return JSON.parse(stdout)[0] as MachineSnapshot;
  }

  /** A command with its arguments in one line, on the router; returns its output. */
  async onRouter(line: string): Promise<string> {
    const [command = '', ...args] = line.split(' ');
    return (await this.lab.router.exec(command, args)).stdout;
  }

  /** The socket of the daemon of these pins; undefined when there are none. */
  get socket(): string | undefined {
    const pins = statSync(this.pins, { throwIfNoEntry: false });
    return pins && `/run/xlvs/${pins.dev}-${pins.ino}.sock`;
  }

  /** A daemon that is killed with the lab leaves its socket. */
  destroy(): void {
    const socket = this.socket;
    this.lab.destroy();
    if (socket) rmSync(socket, { force: true });
  }
}
