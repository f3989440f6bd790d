// SPDX-License-Identifier: MIT
// Live frames through a router: sent on one veth, counted at another, with the CPU time all of it took.
import { readdirSync, readFileSync } from 'node:fs';
import { PerCpuMap } from 'bpf-maps';
import { type BpfObject, ifIndex, Link, type Program } from 'libbpf-ts';
import * as abi from '../../src/abi/index.ts';
import { openBenchObject } from './bench-object.ts';
import { FIRST_CLIENT, ROUTER_MAC } from './rig.ts';
import { shell } from './shell.ts';

const FRAME_BYTES = 60; // 64 with the frame check sequence
const UDP_BYTES = 26;
const SOURCE_PORT = 4000;
const DESTINATION_PORT = 80;
const BATCH = 64;
const SENDER_CPU = 0;
/** Frames that may be lost without a word: the sender does not wait for a full ring. */
const LOSS = 0.01;

export interface Wire {
  /** The device whose peer the frames arrive at. */
  readonly device: string;
  readonly destination: string;
  readonly flows: number;
}

const bytesOf = (text: string): number[] => text.split('.').map(Number);

/** A UDP frame without addresses and checksums. */
function template(): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES);
  const view = new DataView(frame.buffer);
  view.setUint16(12, 0x0800);
  frame[14] = 0x45;
  view.setUint16(16, 20 + UDP_BYTES);
  frame[22] = 64;
  frame[23] = 17;
  view.setUint16(34, SOURCE_PORT);
  view.setUint16(36, DESTINATION_PORT);
  view.setUint16(38, UDP_BYTES);
  return frame;
}

/** Sum of 16-bit words as the machine (little endian) reads them: what the sender adds the client to. */
function sum(words: Uint8Array): number {
  const view = new DataView(words.buffer, words.byteOffset, words.length);
  let total = 0;
  for (let at = 0; at < words.length; at += 2) total += view.getUint16(at, true);
  return total;
}

function wireRecord({ device, destination, flows }: Wire, size: number): Uint8Array {
  const record = new Uint8Array(size);
  const view = new DataView(record.buffer);
  const frame = template();
  frame.set(bytesOf(destination), 30);
  const pseudo = Uint8Array.from([...bytesOf(destination), 0, 17, 0, UDP_BYTES]);
  view.setUint32(0, ifIndex(device) ?? 0, true);
  view.setUint32(4, flows, true);
  view.setUint32(12, new DataView(Uint8Array.from(bytesOf(FIRST_CLIENT)).buffer).getUint32(0), true);
  record.set(bytesOf(destination), 16);
  view.setUint32(20, sum(frame.subarray(14, 34)), true);
  view.setUint32(24, sum(pseudo) + sum(frame.subarray(34)), true);
  record.set(
    ROUTER_MAC.split(':').map((byte) => Number.parseInt(byte, 16)),
    28,
  );
  record.set([2, 0, 0, 0, 0, 9], 34);
  return record;
}

/** The kernel's own thread for soft interrupts of the sender's CPU: its time belongs to the packets too. */
function softirqThread(): string {
  const name = `ksoftirqd/${SENDER_CPU}`;
  const pid = readdirSync('/proc').find((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/comm`, 'utf8').trim() === name;
    } catch {
      return false; // ended meanwhile
    }
  });
  if (!pid) throw new Error(`there is no ${name}`);
  return `/proc/${pid}/schedstat`;
}

export class WireBench {
  readonly object: BpfObject;
  readonly #sender: Program;
  readonly #links: Link[] = [];
  readonly #arrivals: PerCpuMap<number, bigint>;
  readonly #softirqs = softirqThread();
  readonly #frame = template();

  constructor() {
    this.object = openBenchObject('wire');
    this.object.load();
    this.#sender = this.object.program('send');
    this.#arrivals = new PerCpuMap(
      this.object.map('arrivals'),
      abi.maps.events.key as never,
      abi.maps.events.value as never,
    );
    shell(`taskset -cp ${SENDER_CPU} ${process.pid}`);
  }

  attach(program: Program, device: string): void {
    this.#links.push(Link.attachXdp(program, ifIndex(device) ?? 0, { mode: 'native' }));
  }

  #cpuNanoseconds(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000 + Number(readFileSync(this.#softirqs, 'utf8').split(' ')[0]);
  }

  /** CPU nanoseconds per packet that arrived, sender and sink included. Throws when too many did not. */
  run(wire: Wire, packets: number): number {
    const map = this.object.map('wires');
    map.set(new Uint8Array(4), wireRecord(wire, map.info.valueSize));
    const arrived = this.#arrivals.sum(0) ?? 0n;
    const before = this.#cpuNanoseconds();
    this.#sender.testRun({ data: this.#frame, repeat: packets, liveFrames: true, batchSize: BATCH });
    const spent = this.#cpuNanoseconds() - before;
    const count = Number((this.#arrivals.sum(0) ?? 0n) - arrived);
    if (count < packets * (1 - LOSS)) throw new Error(`${wire.device}: ${count} of ${packets} packets arrived`);
    return spent / count;
  }

  close(): void {
    for (const link of this.#links) link.close();
    this.object.close();
  }
}
