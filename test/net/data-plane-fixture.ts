// SPDX-License-Identifier: MIT
// A kernel data plane with pins of its own, on a bpffs that is mounted for the test file; and services to put into it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { addressToAbi } from '../../src/dataplane/abi-values.ts';
import { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import { type Loaded, loadRouter, removePins } from '../../src/dataplane/loader.ts';
import { pinPaths } from '../../src/dataplane/pins.ts';
import type { Server, Service, Tables } from '../../src/model/model.ts';

export const OBJECT = join(import.meta.dirname, '../../build/xlvs.bpf.o');
export const TABLES: Tables = { connections: 4096, persistence: 1024, fragments: 1024 };

export class DataPlaneFixture {
  /** For files that a test needs; removed with the mount. */
  readonly directory: string;
  readonly pins: string;
  #router: KernelDataPlane | undefined;

  /** One for a test file, with a new router for each of its tests, which `begin` is given. */
  static forEachTest(begin: (router: KernelDataPlane) => void): DataPlaneFixture {
    const fixture = new DataPlaneFixture();
    beforeAll(() => fixture.#mount());
    beforeEach(() => begin(fixture.start()));
    afterEach(() => fixture.stop());
    afterAll(() => fixture.#unmount());
    return fixture;
  }

  private constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'xlvs-data-plane-'));
    this.pins = join(this.directory, 'bpf/xlvs');
  }

  #mount(): void {
    mkdirSync(join(this.directory, 'bpf'));
    execFileSync('mount', ['-t', 'bpf', 'bpf', join(this.directory, 'bpf')]);
  }

  /** Where a program is pinned that is loaded beside the first; no pin of xlvs's, so `removePins` leaves it. */
  get otherProgram(): string {
    return `${pinPaths.program(this.pins)}-other`;
  }

  #unmount(): void {
    execFileSync('umount', [join(this.directory, 'bpf')]);
    rmSync(this.directory, { recursive: true });
  }

  /** Loads a router, which nothing is attached to, and opens it. */
  start(tables = TABLES): KernelDataPlane {
    this.load(OBJECT, tables);
    this.#router = KernelDataPlane.open(this.pins);
    return this.#router;
  }

  stop(): void {
    this.#router?.close();
    rmSync(this.otherProgram, { force: true });
    removePins(this.pins);
  }

  /** Loads an object under these pins and returns how. Pins the program as xlvs does, a later one at `otherProgram`. */
  load(object = OBJECT, tables = TABLES): Loaded['how'] {
    const loaded = loadRouter(this.pins, object, tables);
    loaded.program.pin(loaded.how === 'fresh' ? pinPaths.program(this.pins) : this.otherProgram);
    loaded.commit();
    loaded.program.close();
    return loaded.how;
  }
}

export const server = (last: number, weight = 1): Server => ({ address: `10.0.0.${last}`, port: 80, weight });

export const web = (servers: readonly Server[], more: Partial<Service> = {}): Service => ({
  name: 'web',
  key: { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 80 },
  scheduler: 'wlc',
  servers,
  ...more,
});

export const shop: Service = {
  name: 'shop',
  key: { kind: 'mark', mark: 80, family: 'ipv4' },
  scheduler: 'sh',
  persistence: { timeout: 300, prefix: 24 },
  servers: [{ address: '10.0.0.1', port: 0, weight: 3 }],
};

/** So many services without a server. */
export const fillers = (count: number): Service[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `filler${i}`,
    key: { kind: 'address', protocol: 'udp', address: '192.0.2.11', port: i + 1 },
    scheduler: 'rr',
    servers: [],
  }));

/** The slot of the server with this last number, live or removed. */
export function slotOf(router: KernelDataPlane, last: number): number {
  const word = addressToAbi(`10.0.0.${last}`).word[0];
  for (const [slot, record] of router.maps.servers.entries()) {
    if (record.status !== abi.ServerStatus.FREE && record.address.word[0] === word) return slot;
  }
  throw new Error(`no slot for server ${last}`);
}
