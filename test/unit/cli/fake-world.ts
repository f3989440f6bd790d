// SPDX-License-Identifier: MIT
// A world without a kernel: what a command writes can be read, what it asks of control is recorded.
import { pino } from 'pino';
import { runCli } from '../../../src/cli/run-cli.ts';
import type { Control, World } from '../../../src/cli/world.ts';
import type { DataPlane } from '../../../src/dataplane/data-plane.ts';
import { XlvsError } from '../../../src/model/xlvs-error.ts';

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface FakeWorld {
  /** `xlvs ARGS...`, separated by blanks */
  run(line: string): Promise<Ran>;
  /** names of the control functions called, with what identifies the call */
  readonly calls: string[];
}

export interface Given {
  readonly router?: DataPlane;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly control?: Partial<Control>;
  readonly world?: Partial<World>;
}

const LEFT = { weightBefore: 2, weight: 0, active: 1, inactive: 3, persistence: 1 };

function fakeControl({ router, control }: Given, calls: string[]): Control {
  const note = (call: string) => void calls.push(call);
  return {
    openRouter(pins) {
      note(`openRouter ${pins}`);
      if (!router) throw new XlvsError('missing', `no router at ${pins}`, 'start one: xlvs up');
      return router;
    },
    async withPinsLock(pins, act) {
      note(`lock ${pins}`);
      return act();
    },
    async bringUp(_config, { pins }) {
      note(`bringUp ${pins}`);
      return { loaded: 'fresh', mode: 'native', modeReason: 'every interface can', changes: ['+ service web'] };
    },
    async bringDown(pins) {
      note(`bringDown ${pins}`);
      return { removed: ['XDP from eth0'] };
    },
    async applyFile() {
      note('applyFile');
      return [];
    },
    differences: () => [],
    drain: (_router, service, server) => ({ service, server, ...LEFT }),
    undrain: (_router, service, server) => ({ service, server, ...LEFT, weightBefore: 0, weight: 2 }),
    holdServers: () => note('holdServers'),
    async stopDaemon(pins) {
      note(`stopDaemon ${pins}`);
      return { pid: 42, release: () => note('release') };
    },
    askDaemon: async () => undefined,
    ...control,
  };
}

export function fakeWorld(given: Given = {}): FakeWorld {
  const calls: string[] = [];
  const run = async (line: string): Promise<Ran> => {
    const out: string[] = [];
    const err: string[] = [];
    const world: World = {
      stdout: { isTerminal: false, write: (text) => void out.push(text) },
      stderr: { isTerminal: false, write: (text) => void err.push(text) },
      env: given.env ?? {},
      version: '1.2.3',
      objectFile: '/lib/xlvs.bpf.o',
      readFile: (path) => readFrom(given.files ?? {}, path),
      readStdin: () => '',
      resolver: { lookup: async () => undefined, reverse: async () => undefined, services: () => '' },
      isAlive: (pid) => pid === 42,
      createLog: () => pino({ level: 'silent' }),
      control: async () => fakeControl(given, calls),
      runDaemon: async ({ pins }) => void calls.push(`runDaemon ${pins}`),
      runDemo: async () => 1,
      ...given.world,
    };
    const status = await runCli(line.split(' ').filter(Boolean), world);
    return { status, out: out.join(''), err: err.join('') };
  };
  return { run, calls };
}

function readFrom(files: Readonly<Record<string, string>>, path: string): string {
  const text = files[path];
  if (text !== undefined) return text;
  throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
}

/** A router's smallest useful file. */
export const GOOD_FILE = `interfaces:
  - { device: eth0, role: public, addresses: [192.0.2.10/24] }
  - { device: eth1, role: private }
services:
  - name: web
    protocol: tcp
    address: 192.0.2.10
    port: 8080
    servers: [{ address: 10.0.0.1, port: 80 }]
`;

/** Two errors, in lines 2 and 6. */
export const BAD_FILE = `interfaces:
  - { device: eth0, role: outside }
services:
  - name: web
    protocol: tcp
    address: 192.0.2.999
    port: 8080
    servers: []
`;
