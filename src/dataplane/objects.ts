// SPDX-License-Identifier: MIT
// The data plane's two objects, one a family, over the same maps: opened and loaded together.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type BpfMap, BpfObject } from 'libbpf-ts';
import * as abi from '../abi/index.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { PINNED_MAPS } from './pins.ts';

const MAIN_PROGRAM = 'xlvs';
const TIMER_PROGRAM = 'start_timer';
const XDP_PASS = 2;

/** Where the program of the other family stands in the steps of IPv4's (enum step of bpf/steps.h). */
const STEP_IPV6 = 2;

/** Beside IPv4's object: `xlvs6.bpf.o` for `xlvs.bpf.o`. */
export function ipv6ObjectFile(ipv4: string): string {
  return ipv4.replace(/\.bpf\.o$/, '6.bpf.o');
}

/** Both objects as files. */
export interface ObjectFiles {
  readonly ipv4: Uint8Array;
  readonly ipv6: Uint8Array;
}

export function readObjects(ipv4: string): ObjectFiles {
  return { ipv4: readFileSync(ipv4), ipv6: readFileSync(ipv6ObjectFile(ipv4)) };
}

export function digestOf({ ipv4, ipv6 }: ObjectFiles): string {
  return createHash('sha256').update(ipv4).update(ipv6).digest('hex');
}

interface TimerObject {
  program(name: string): { testRun(options: { data: Uint8Array }): { readonly returnValue: number } };
}

/** Starts the expiry timer with this object's code; on an upgrade it replaces the old code. Throws XlvsError. */
export function startTimer(object: TimerObject, family: 'IPv4' | 'IPv6'): void {
  const { returnValue } = object.program(TIMER_PROGRAM).testRun({ data: new Uint8Array(64) });
  if (returnValue === XDP_PASS) return;
  const message = `the kernel did not start the timer that expires ${family} connections`;
  throw new XlvsError(
    'unsupported',
    message,
    'xlvs needs kernel 6.1 or newer; on one, run `xlvs down` and start again',
  );
}

export class DataPlaneObjects {
  readonly #ipv4: BpfObject;
  readonly #ipv6: BpfObject;

  /** `sizes`: entries by map name. */
  constructor(files: ObjectFiles, sizes: Readonly<Record<string, number>>) {
    this.#ipv4 = BpfObject.open(files.ipv4, { name: 'xlvs' });
    this.#ipv6 = BpfObject.open(files.ipv6, { name: 'xlvs6' });
    for (const object of [this.#ipv4, this.#ipv6])
      for (const [map, entries] of Object.entries(sizes)) object.setMaxEntries(map, entries);
  }

  /** Loads both, over these maps or over new ones, and leads IPv6's packets from the one to the other. */
  load(existing?: ReadonlyMap<string, BpfMap>): void {
    for (const [name, map] of existing ?? []) this.#ipv4.reuseMap(name, map);
    this.#ipv4.load();
    for (const name of PINNED_MAPS) this.#ipv6.reuseMap(name, this.#ipv4.map(name));
    this.#ipv6.load();
    const step = new Uint8Array(Uint32Array.of(STEP_IPV6).buffer);
    this.#ipv4.map('steps').set(step, this.#ipv6.program(MAIN_PROGRAM));
  }

  startTimers(): void {
    startTimer(this.#ipv4, 'IPv4');
    startTimer(this.#ipv6, 'IPv6');
  }

  map(name: string): BpfMap {
    return this.#ipv4.map(name);
  }

  /** The id of the program for devices. */
  get programId(): number {
    return this.#ipv4.program(MAIN_PROGRAM).info().id;
  }

  /** What packets are handed on to, by the name of its pin. */
  get steps(): readonly (readonly [string, BpfMap])[] {
    return [
      ['ipv4', this.#ipv4.map('steps')],
      ['ipv6', this.#ipv6.map('steps')],
    ];
  }

  writeSettings(settings: abi.Settings): void {
    const bytes = new Uint8Array(abi.settingsCodec.size);
    abi.settingsCodec.encode(settings, new DataView(bytes.buffer), 0);
    this.#ipv4.map('settings').set(new Uint8Array(4), bytes);
  }

  close(): void {
    this.#ipv4.close();
    this.#ipv6.close();
  }
}
