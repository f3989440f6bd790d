// SPDX-License-Identifier: MIT
// Test runs of many flows: feed.bpf.c in front of a program, and what one packet costs.
import type { BpfMap, BpfObject, Program } from 'libbpf-ts';
import { openBenchObject } from './bench-object.ts';
import { FIRST_CLIENT, ROUTER_MAC, VIP, VIP_PORT } from './rig.ts';

const FRAME_BYTES = 60; // 64 with the frame check sequence
const IP_BYTES = 46;
export const TCP_SYN = 0x02;
export const TCP_ACK = 0x10;
export const XDP_TX = 3;
export const XDP_REDIRECT = 4;

function frame(tcpFlags: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, 0x0800);
  bytes[14] = 0x45;
  view.setUint16(16, IP_BYTES);
  bytes[23] = 6;
  bytes[46] = 0x50;
  bytes[47] = tcpFlags;
  return bytes;
}

const addressBytes = (text: string): number[] => text.split('.').map(Number);

export interface Source {
  readonly flows: number;
  readonly random: boolean;
  /** Sequence to go on from; matters when it is not random. */
  readonly from?: number;
}

export class Feed {
  readonly object: BpfObject;
  readonly #wrapper: Program;
  readonly #targets: BpfMap;
  readonly #feeds: BpfMap;

  /** @param entries size of the table that `lookup` looks in */
  constructor(entries: number) {
    this.object = openBenchObject('feed');
    this.object.setMaxEntries('table', entries);
    this.object.load();
    this.#wrapper = this.object.program('feed');
    this.#targets = this.object.map('targets');
    this.#feeds = this.object.map('feeds');
  }

  /** Which flows the packets belong to from now on. */
  aim({ flows, random, from = 0 }: Source): void {
    const feed = new Uint8Array(this.#feeds.info.valueSize);
    const view = new DataView(feed.buffer);
    view.setUint32(0, flows, true);
    view.setUint32(4, random ? 1 : 0, true);
    view.setUint32(8, from, true);
    feed.set(addressBytes(VIP), 12);
    view.setUint32(16, new DataView(Uint8Array.from(addressBytes(FIRST_CLIENT)).buffer).getUint32(0), true);
    view.setUint16(20, VIP_PORT);
    feed.set(
      ROUTER_MAC.split(':').map((byte) => Number.parseInt(byte, 16)),
      22,
    );
    this.#feeds.set(new Uint8Array(4), feed);
  }

  /** Runs a program on `repeat` packets. CPU nanoseconds per packet; throws when the last one was not answered so. */
  run(program: Program, tcpFlags: number, repeat: number, answer: number): number {
    this.#targets.set(new Uint8Array(4), program);
    const data = frame(tcpFlags);
    const before = process.cpuUsage();
    const { returnValue } = this.#wrapper.testRun({ data, repeat });
    const { user, system } = process.cpuUsage(before);
    if (returnValue !== answer) throw new Error(`${program.info().name} answered ${returnValue}, not ${answer}`);
    return ((user + system) * 1000) / repeat;
  }

  close(): void {
    this.object.close();
  }
}
