// SPDX-License-Identifier: MIT
// A network in namespaces of this machine: clients, a router, servers. It forwards by the kernel alone: what the router
// does beyond that, and every word of load balancing, is its user's.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Capture } from './capture.ts';
import { Host } from './host.ts';
import { LabError } from './lab-error.ts';
import { labDirectory, labId, removeLab, removeLeftovers } from './leftovers.ts';
import { runCommand } from './run-command.ts';
import { type LabOptions, type Machine, topology } from './topology.ts';
import { namespaceOf, wire } from './wiring.ts';

/** Exit statuses by which a shell reports these signals. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export class Lab {
  readonly id: string;
  /** For captures, served files and whatever a test needs; removed with the lab. */
  readonly directory: string;
  readonly hosts: ReadonlyMap<string, Host>;
  #captures = 0;
  #bpffs: string | undefined;
  readonly #forget: () => void;

  /**
   * Builds a lab; one of the same name that a killed process left behind is removed first. Needs root. It ends with
   * `destroy`, with this process, or with SIGHUP, SIGINT or SIGTERM to it.
   */
  static create(options: LabOptions): Lab {
    if (!/^[a-z0-9]+$/.test(options.name))
      throw new LabError(`lab name '${options.name}': lower case letters and digits`);
    if (process.getuid?.() !== 0) throw new LabError('network namespaces need root: run this with sudo');
    removeLeftovers(options.name);
    const lab = new Lab(labId(options.name, process.pid), topology(options).machines);
    try {
      wire(lab.id, topology(options), { queues: options.queues ?? 2, mtu: options.mtu ?? 1500 });
    } catch (error) {
      lab.destroy();
      throw error;
    }
    return lab;
  }

  private constructor(id: string, machines: readonly Machine[]) {
    this.id = id;
    this.directory = labDirectory(id);
    this.hosts = new Map(
      machines.map(({ name, address = '' }) => [name, new Host(name, address, `/run/netns/${namespaceOf(id, name)}`)]),
    );
    mkdirSync(this.directory, { mode: 0o700 });
    this.#forget = onEnd(() => this.destroy());
  }

  get router(): Host {
    return this.host('router');
  }

  /** `n` counts from 1, and so for servers. */
  client(n = 1): Host {
    return this.host(`client${n}`);
  }

  server(n: number): Host {
    return this.host(`server${n}`);
  }

  get servers(): Host[] {
    return [...this.hosts.values()].filter(({ name }) => name.startsWith('server'));
  }

  /** Any machine: also `gateway` and `switch`, where the options made one. */
  host(name: string): Host {
    const host = this.hosts.get(name);
    if (!host) throw new LabError(`lab ${this.id} has no ${name}: ${[...this.hosts.keys()].join(', ')}`);
    return host;
  }

  /** Captures on a machine's interface (`eth0` of clients and servers) into the lab's directory. */
  async capture(host: Host, device: string, filter?: string): Promise<Capture> {
    const file = join(this.directory, `${host.name}-${device}-${++this.#captures}.pcap`);
    return await Capture.start(host, device, file, filter);
  }

  /** A bpffs of the lab's own; the same directory at every call. */
  mountBpffs(): string {
    if (this.#bpffs) return this.#bpffs;
    const directory = join(this.directory, 'bpf');
    mkdirSync(directory);
    runCommand('mount', ['-t', 'bpf', 'bpf', directory]);
    this.#bpffs = directory;
    return directory;
  }

  /** Kills what runs in the lab and removes it. Idempotent. */
  destroy(): void {
    this.#forget();
    removeLab(this.id);
  }
}

/** Calls `end` when this process exits, and makes signals an exit; returns what undoes that. */
function onEnd(end: () => void): () => void {
  const signals = Object.entries(SIGNALS).map(([name, status]) => [name, () => process.exit(status)] as const);
  process.once('exit', end);
  for (const [name, exit] of signals) process.once(name, exit);
  return () => {
    process.off('exit', end);
    for (const [name, exit] of signals) process.off(name, exit);
  };
}
