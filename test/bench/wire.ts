// SPDX-License-Identifier: MIT
// Live frames through a router: sent on one veth, counted at another, with the CPU time all of it took.
import { readdirSync, readFileSync } from 'node:fs';
import { PerCpuMap } from 'bpf-maps';
import { type BpfObject, ifIndex, Link, type Program } from 'libbpf-ts';
import * as abi from '../../src/abi/index.ts';
import { addressBytes, familyOf } from '../../src/net/address.ts';
import { openBenchObject } from './bench-object.ts';
import { FIRST_CLIENT, ROUTER_MAC } from './rig.ts';
import { shell } from './shell.ts';

const FRAME_BYTES = 60; // 64 with the frame check sequence
const SYN_BYTES = 20;
const IP_AT = 14;
const L4_AT = 34;
const L4_AT6 = 54;
const CLIENT_PORT = 4000;
const SOURCE_MAC = '02:00:00:00:00:09';
const TCP = 6;
const UDP = 17;
const BATCH = 64;
const SENDER_CPU = 0;
/** Frames that may be lost without a word: the sender does not wait for a full ring. */
const LOSS = 0.01;

export interface End {
  readonly address: string;
  readonly port: number;
}

export interface Wire {
  /** The device whose peer the frames arrive at. */
  readonly device: string;
  /** Whom the clients talk to, and who answers them in replies. */
  readonly other: End;
  readonly flows: number;
  /** `tcp-syn`: segments that open connections; UDP unless said. By IPv6 these alone. */
  readonly packet?: 'udp' | 'tcp-syn';
  /** From `other` to the clients. */
  readonly isReply?: boolean;
  /** One flow after the other from this one on; random ones unless said. */
  readonly from?: number;
  /** Where they end, when that is a device without the sink program. */
  readonly arrivesAt?: string;
  /** The benchmark's own unless said. */
  readonly routerMac?: string;
  readonly firstClient?: string;
}

const isIpv6 = ({ other }: Wire): boolean => familyOf(other.address) === 'ipv6';
/** The program of wire.bpf.c that sends it. */
export const senderOf = (wire: Wire): string => (isIpv6(wire) ? 'send6' : 'send');
const macBytes = (text: string): number[] => text.split(':').map((byte) => Number.parseInt(byte, 16));

/** A frame without addresses, ports and checksums. */
export function template(wire: Wire): Uint8Array {
  return isIpv6(wire) ? template6() : template4(wire);
}

function template6(): Uint8Array {
  const frame = new Uint8Array(L4_AT6 + SYN_BYTES);
  const view = new DataView(frame.buffer);
  view.setUint16(12, 0x86dd);
  frame[IP_AT] = 0x60;
  view.setUint16(IP_AT + 4, SYN_BYTES);
  frame[IP_AT + 6] = TCP;
  frame[IP_AT + 7] = 64;
  view.setUint16(L4_AT6 + 12, 0x5002);
  return frame;
}

function template4({ packet = 'udp' }: Wire): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES);
  const view = new DataView(frame.buffer);
  view.setUint16(12, 0x0800);
  frame[IP_AT] = 0x45;
  view.setUint16(IP_AT + 2, packet === 'udp' ? FRAME_BYTES - IP_AT : 40);
  frame[IP_AT + 8] = 64;
  frame[IP_AT + 9] = packet === 'udp' ? UDP : TCP;
  if (packet === 'udp') view.setUint16(L4_AT + 4, FRAME_BYTES - L4_AT);
  else view.setUint16(L4_AT + 12, 0x5002); // no options, SYN
  return frame;
}

/** Sum of 16-bit words as the machine (little endian) reads them: what the sender adds the client to. */
function sum(words: Uint8Array): number {
  const view = new DataView(words.buffer, words.byteOffset, words.length);
  let total = 0;
  for (let at = 0; at < words.length; at += 2) total += view.getUint16(at, true);
  return total;
}

function portBytes(first: number, second: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, first);
  view.setUint16(2, second);
  return new Uint8Array(view.buffer);
}

/** `struct wire` of wire.bpf.c. */
export function wireRecord(wire: Wire, size: number): Uint8Array {
  const { device, other, flows, isReply = false, from, routerMac = ROUTER_MAC, firstClient = FIRST_CLIENT } = wire;
  const record = new Uint8Array(size);
  const view = new DataView(record.buffer);
  const frame = template(wire);
  const [to, client] = [addressBytes(other.address), addressBytes(firstClient)];
  const l4At = isIpv6(wire) ? L4_AT6 : L4_AT;
  const protocol = frame[l4At === L4_AT6 ? IP_AT + 6 : IP_AT + 9] as number;
  const l4Bytes = protocol === UDP ? FRAME_BYTES - L4_AT : SYN_BYTES;
  // of the client what the sender does not add
  const pseudo = Uint8Array.from([...client.subarray(0, -4), ...to, 0, protocol, 0, l4Bytes]);
  const ports = isReply ? portBytes(other.port, CLIENT_PORT) : portBytes(CLIENT_PORT, other.port);
  if (l4At === L4_AT) frame.set(to, IP_AT + 16);
  view.setUint32(0, ifIndex(device) ?? 0, true);
  view.setUint32(4, flows, true);
  view.setUint32(8, from ?? 0, true);
  view.setUint32(12, new DataView(client.slice(-4).buffer).getUint32(0), true);
  if (l4At === L4_AT) record.set(to, 16);
  record.set(ports, 20);
  view.setUint32(24, sum(frame.subarray(IP_AT, L4_AT)), true);
  view.setUint32(28, sum(pseudo) + sum(ports) + sum(frame.subarray(l4At)), true);
  record.set([...macBytes(routerMac), ...macBytes(SOURCE_MAC)], 32);
  view.setUint16(44, isReply ? 1 : 0, true);
  view.setUint16(46, from === undefined ? 0 : 1, true);
  if (l4At === L4_AT6) record.set([...client.subarray(0, -4), ...to], 48);
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

/** CPU nanoseconds of this process and of the soft interrupts it leaves to their thread. */
function senderClock(): () => number {
  const softirqs = softirqThread();
  return () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000 + Number(readFileSync(softirqs, 'utf8').split(' ')[0]);
  };
}

export class WireBench {
  readonly object: BpfObject;
  readonly #sender: Program;
  readonly #links: Link[] = [];
  readonly #arrivals: PerCpuMap<number, bigint>;
  readonly #clock: () => number;

  /** @param clock nanoseconds; CPU time of the sender unless said */
  constructor(clock: () => number = senderClock()) {
    this.#clock = clock;
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

  /** Where its program `redirect` sends what comes in. */
  redirectTo(device: string): void {
    const hop = new Uint8Array(16);
    new DataView(hop.buffer).setUint32(0, ifIndex(device) ?? 0, true);
    hop.set([...macBytes(SOURCE_MAC), ...macBytes(ROUTER_MAC)], 4);
    this.object.map('next_hops').set(new Uint8Array(4), hop);
  }

  /** Nanoseconds per packet that arrived, sender and sink included. Throws when too many did not. */
  run(wire: Wire, packets: number): number {
    const map = this.object.map('wires');
    map.set(new Uint8Array(4), wireRecord(wire, map.info.valueSize));
    const arrived = this.#arrived(wire);
    const before = this.#clock();
    this.#sender.testRun({ data: template(wire), repeat: packets, liveFrames: true, batchSize: BATCH });
    const spent = this.#clock() - before;
    const count = this.#arrived(wire) - arrived;
    if (count < packets * (1 - LOSS)) throw new Error(`${wire.device}: ${count} of ${packets} packets arrived`);
    return spent / count;
  }

  #arrived({ arrivesAt }: Wire): number {
    if (arrivesAt === undefined) return Number(this.#arrivals.sum(0) ?? 0n);
    return Number(readFileSync(`/sys/class/net/${arrivesAt}/statistics/rx_packets`, 'utf8'));
  }

  /** From every device. */
  detach(): void {
    for (const link of this.#links.splice(0)) link.close();
  }

  close(): void {
    this.detach();
    this.object.close();
  }
}
