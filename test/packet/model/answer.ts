// SPDX-License-Identifier: MIT
// What the router says to the sender of a packet that it drops: an ICMP error, or nothing.
import { USUAL_ID } from '../frame.ts';
import { internetChecksum, segmentChecksum } from '../internet-checksum.ts';
import { type Address, wordsOf, writeAddress } from './address.ts';
import { LAYOUTS } from './layout.ts';
import { IP, type Packet } from './parse.ts';

interface Message {
  readonly type: number;
  readonly code: number;
  readonly rest: number;
}

const [PORT_UNREACHABLE, TIME_EXCEEDED] = [
  { 4: { type: 3, code: 3, rest: 0 }, 6: { type: 1, code: 4, rest: 0 } },
  { 4: { type: 11, code: 0, rest: 0 }, 6: { type: 3, code: 0, rest: 0 } },
];
/** As many bytes as a whole message has at most (RFC 1812, 4.3.2.3; RFC 4443, 2.4 c). */
const LONGEST = { 4: 576, 6: 1280 };

function messageOf({ family }: Packet, reason: string, mtu: number): Message | undefined {
  if (reason === 'no_server' || reason === 'no_connection') return PORT_UNREACHABLE[family];
  if (reason === 'ttl_exceeded') return TIME_EXCEEDED[family];
  if (reason !== 'too_big') return undefined;
  return family === 4 ? { type: 3, code: 4, rest: mtu } : { type: 2, code: 0, rest: mtu };
}

/** Groups, this network, the sender's own machine. */
function isHost({ family, source, destination, frame }: Packet): boolean {
  if ([0, 6].some((at) => frame.getUint8(at) & 1)) return false;
  const [from, to] = [source, destination].map((address) => Number.parseInt(address.slice(0, 2), 16));
  if (family === 4) return from !== 0 && from !== 127 && (from as number) < 224 && (to as number) < 224;
  return from !== 0xff && to !== 0xff && wordsOf(source).some((word) => word !== 0);
}

function ipv4Header(view: DataView, p: Packet): void {
  view.setUint8(0, 0x45);
  view.setUint8(1, (p.frame.getUint8(IP + 1) & 0x1e) | 0xc0);
  view.setUint16(2, view.byteLength);
  view.setUint16(4, USUAL_ID);
  view.setUint8(8, 64);
  view.setUint8(9, 1);
}

function ipv6Header(view: DataView): void {
  view.setUint8(0, 0x60);
  view.setUint16(4, view.byteLength - 40);
  view.setUint8(6, 58);
  view.setUint8(7, 64);
}

/** The message as an IP packet. */
function packetAround(p: Packet, from: Address, { type, code, rest }: Message): Uint8Array {
  const { header, source, destination } = LAYOUTS[p.family];
  const quoted = Math.min(p.length, LONGEST[p.family] - header - 8);
  const ip = new Uint8Array(header + 8 + quoted);
  const view = new DataView(ip.buffer);
  if (p.family === 4) ipv4Header(view, p);
  else ipv6Header(view);
  writeAddress(view, source, from);
  writeAddress(view, destination, p.source);
  if (p.family === 4) view.setUint16(10, internetChecksum(ip.subarray(0, header)));
  view.setUint8(header, type);
  view.setUint8(header + 1, code);
  view.setUint32(header + 4, rest);
  ip.set(new Uint8Array(p.frame.buffer, p.frame.byteOffset + IP, quoted), header + 8);
  const check = p.family === 4 ? internetChecksum(ip.subarray(header)) : segmentChecksum(ip, header, 58);
  view.setUint16(header + 2, check);
  return ip;
}

interface Cause {
  readonly reason: string;
  readonly mtu: number;
  /** Who says it; nobody, if the router has no address there. */
  readonly from: Address | undefined;
}

/** The frame that goes back, with the usual identification in place of a random one. */
export function answerOf(p: Packet, bytes: Uint8Array, { reason, mtu, from }: Cause): Uint8Array | undefined {
  const message = messageOf(p, reason, mtu);
  if (!message || from === undefined || p.quote || p.fragment?.isFirst === false || !isHost(p)) return undefined;
  const macs = [bytes.subarray(6, 12), bytes.subarray(0, 6), bytes.subarray(12, 14)];
  return Uint8Array.from(Buffer.concat([...macs, packetAround(p, from, message)]));
}
