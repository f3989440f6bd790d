// SPDX-License-Identifier: MIT
// A lab whose router is the machine that src/machine works on: its functions are called by name, by the probe, in the
// router's namespace. The probe has to be built before.
import type { Host } from '../../src/lab/host.ts';
import { Lab } from '../../src/lab/lab.ts';
import type { MachineSnapshot } from '../../src/machine/machine-snapshot.ts';
import type { Call } from './machine-probe.ts';
import { PROBE } from './probe.ts';

export class MachineLab {
  readonly lab: Lab;

  /** A client at pub0, two servers at prv0. Each test file has a name of its own. */
  static create(name: string): MachineLab {
    return new MachineLab(Lab.create({ name, servers: 2 }));
  }

  private constructor(lab: Lab) {
    this.lab = lab;
  }

  get router(): Host {
    return this.lab.router;
  }

  /** Makes the calls one after the other, in one process; returns for each its value, or { error }. */
  async call<T>(...calls: Call[]): Promise<T> {
    const { stdout } = await this.router.exec(process.execPath, [PROBE, JSON.stringify(calls)]);
    return JSON.parse(stdout) as T;
  }

  async callOne<T>(...one: Call): Promise<T> {
    return (await this.call<T[]>(one))[0] as T;
  }

  /** `ip` with these arguments in one line; returns its output. */
  async ip(line: string, host = this.router): Promise<string> {
    return (await host.exec('ip', line.split(' '))).stdout;
  }

  snapshot(): Promise<MachineSnapshot> {
    return this.callOne<MachineSnapshot>('machineSnapshot');
  }

  destroy(): void {
    this.lab.destroy();
  }
}
