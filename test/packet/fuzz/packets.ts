// SPDX-License-Identifier: MIT
// Packets of both families for the fuzz test, field by field, with whatever may stand between header and segment: IPv4's
// options, IPv6's extension headers, fragments' places. Checksums are right; what spoils them is spoil.ts.

import { crc32c } from '../crc32c.ts';
import type { IpFamily } from '../family.ts';
import { macBytes } from '../frame.ts';
import { internetChecksum, onesComplementSum } from '../internet-checksum.ts';
import { type Address, writeAddress } from '../model/address.ts';
import { LAYOUTS } from '../model/layout.ts';
import { IP, SCTP, TCP, UDP } from '../model/parse.ts';
import type { Random } from '../random.ts';
import { GATEWAY_MAC, SOMEBODY_MAC } from '../roles.ts';

const MACS = { gateway: macBytes(GATEWAY_MAC), other: macBytes(SOMEBODY_MAC) };
const [HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION] = [0, 43, 44, 51, 60] as const;
const EXTENSIONS = [HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION, DESTINATION];
const [F, S, R, P, A] = [1, 2, 4, 8, 16] as const;
const FLAGS = [S, S, S, A, A, A, A, A | P, A | P, A | F, F, R, R | A, S | A, 0, S | F, S | R, 0xe0];

/** Chunks' types, those that make and end associations more often. */
const CHUNKS = [0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11, 11, 12, 13, 14, 63, 192];

export interface Tuple {
  readonly family: IpFamily;
  readonly protocol: number;
  readonly source: Address;
  readonly sourcePort: number;
  readonly destination: Address;
  readonly destinationPort: number;
}

/** Of few datagrams, so that some fragments belong together. */
interface Place {
  readonly id: number;
  /** In units of 8 bytes. */
  readonly offset: number;
  readonly more: boolean;
}

/** A first fragment, or one behind it. */
function somePlace(r: Random): Place {
  const isFirst = r.oneIn(3);
  return { id: r.below(4), offset: isFirst ? 0 : 1 + r.below(100), more: isFirst || r.oneIn(2) };
}

/** A header of IPv6, the next one's number in front; its length is right unless it is spoilt. */
function extension(r: Random, kind: number, next: number): number[] {
  if (kind === FRAGMENT) return [next, 0, 0, r.oneIn(4) ? 6 : 0, 0, 0, 0, r.below(4)];
  const units = r.oneIn(20) ? r.below(6) : 0;
  const length = kind === AUTHENTICATION ? 8 + 4 * (2 * units + 1) : 8 + 8 * units;
  const rest = Array.from({ length: length - 2 }, () => r.below(256));
  if (kind === ROUTING) rest[1] = r.oneIn(10) ? r.below(4) : 0;
  return [next, kind === AUTHENTICATION ? length / 4 - 2 : units, ...rest];
}

function fragmentHeader({ id, offset, more }: Place, next: number): number[] {
  const place = (offset << 3) | (more ? 1 : 0);
  return [next, 0, place >> 8, place & 255, 0, 0, 0, id];
}

/** What stands between IPv6's header and the segment, and the number of the first of it. */
function extensions(r: Random, protocol: number, place: Place | undefined): { first: number; bytes: number[] } {
  const kinds = r.oneIn(4) ? Array.from({ length: 1 + r.below(r.oneIn(10) ? 7 : 3) }, () => r.pick(EXTENSIONS)) : [];
  const [ahead, behind] = place ? [kinds.slice(1), kinds.slice(0, 1)] : [kinds, []];
  let [first, bytes] = [protocol, [] as number[]];
  const put = (kind: number, header: number[]): void => {
    bytes = [...header, ...bytes];
    first = kind;
  };
  // only in front of a first fragment's segment are there headers of its own
  if (!place || place.offset === 0) for (const kind of behind) put(kind, extension(r, kind, first));
  if (place) put(FRAGMENT, fragmentHeader(place, first));
  for (const kind of ahead) put(kind, extension(r, kind, first));
  return { first, bytes };
}

/** As many as there is room for, of any length. */
function withChunks(r: Random, bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer);
  for (let at = 12; at + 4 <= bytes.length; ) {
    const length = r.oneIn(20) ? r.below(65_536) : 4 + r.below(12);
    bytes[at] = r.oneIn(20) ? r.below(256) : r.pick(CHUNKS);
    view.setUint16(at + 2, length);
    at += 4 * Math.max(1, Math.ceil(length / 4));
  }
  return bytes;
}

/** A packet's segment: random payload, sometimes odd flags. */
function segmentOf(r: Random, { protocol, sourcePort, destinationPort }: Tuple, payload: number): Uint8Array {
  const bytes = new Uint8Array((protocol === TCP ? 20 : protocol === SCTP ? 12 : 8) + payload);
  const view = new DataView(bytes.buffer);
  for (let i = 4; i < bytes.length; i++) bytes[i] = (r.next() >>> 3) & 255;
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  if (protocol === SCTP) return withChunks(r, bytes);
  if (protocol !== TCP) view.setUint16(4, bytes.length);
  else bytes.set([0x50, r.oneIn(20) ? r.below(256) : r.pick(FLAGS)], 12);
  return bytes;
}

/** The address's and the protocol's share in the checksum of a segment (RFC 9293, RFC 8200). */
function pseudoSum(packet: Uint8Array, family: IpFamily, protocol: number, length: number): number {
  const { source, destination } = LAYOUTS[family];
  return onesComplementSum(packet.subarray(source, destination + (destination - source)), protocol + length);
}

/** Writes the segment's checksum; UDP's may be left out. */
function sumUp(packet: Uint8Array, family: IpFamily, protocol: number, at: number, isLeftOut = false): void {
  const view = new DataView(packet.buffer, packet.byteOffset);
  if (protocol === SCTP) {
    view.setUint32(at + 8, 0);
    view.setUint32(at + 8, crc32c(packet.subarray(at)), true);
    return;
  }
  const place = at + (protocol === TCP ? 16 : protocol === UDP ? 6 : 2);
  view.setUint16(place, 0);
  if (isLeftOut) return;
  const covers = protocol === 1 ? 0 : pseudoSum(packet, family, protocol, packet.length - at);
  const check = ~onesComplementSum(packet.subarray(at), covers) & 0xffff;
  view.setUint16(place, check === 0 && protocol === UDP ? 0xffff : check);
}

const hopsLeft = (r: Random): number => (r.oneIn(40) ? r.below(3) : 2 + r.below(254));

/** An IPv4 packet's header with its options, and the rest behind it. */
function ipv4Packet(r: Random, t: Tuple, rest: Uint8Array, place: Place | undefined): { ip: Uint8Array; at: number } {
  const header = 20 + (r.oneIn(30) ? 4 * r.below(11) : 0);
  const ip = new Uint8Array(header + rest.length);
  const view = new DataView(ip.buffer);
  ip.set([0x40 | (header / 4), r.below(256)]);
  view.setUint16(2, ip.length);
  view.setUint32(4, (r.next() & 0xffff0000) | (r.oneIn(2) ? 0x4000 : 0));
  if (place) view.setUint32(4, (place.id << 16) | (place.more ? 0x2000 : 0) | place.offset);
  ip.set([hopsLeft(r), t.protocol], 8);
  writeAddress(view, 12, t.source);
  writeAddress(view, 16, t.destination);
  view.setUint16(10, internetChecksum(ip.subarray(0, header)));
  ip.set(rest, header);
  return { ip, at: header };
}

function ipv6Packet(r: Random, t: Tuple, rest: Uint8Array, place: Place | undefined): { ip: Uint8Array; at: number } {
  const { first, bytes } = extensions(r, t.protocol, place);
  const at = 40 + bytes.length;
  const ip = new Uint8Array(at + rest.length);
  const view = new DataView(ip.buffer);
  view.setUint32(0, (6 << 28) | (r.next() & 0xfffffff));
  view.setUint16(4, ip.length - 40);
  ip.set([first, hopsLeft(r)], 6);
  writeAddress(view, 8, t.source);
  writeAddress(view, 24, t.destination);
  ip.set(bytes, 40);
  ip.set(rest, at);
  return { ip, at };
}

/** An IP packet of this tuple around these bytes. */
function around(r: Random, t: Tuple, rest: Uint8Array, place?: Place): { ip: Uint8Array; at: number } {
  return t.family === 6 ? ipv6Packet(r, t, rest, place) : ipv4Packet(r, t, rest, place);
}

const usualPayload = (r: Random): number => (r.oneIn(60) ? 500 + r.below(1000) : r.below(24));

/** A packet of TCP or UDP, one in so many a fragment. */
export function packetOf(r: Random, t: Tuple, isFragment = false): { ip: Uint8Array; at: number } {
  const made = around(r, t, segmentOf(r, t, usualPayload(r)), isFragment ? somePlace(r) : undefined);
  sumUp(made.ip, t.family, t.protocol, made.at, t.protocol === UDP && r.oneIn(10));
  return made;
}

/** An ICMP message from one to the other about a packet, or about as much of it. */
export function messageOf(r: Random, t: Tuple, type: number, quoted: Uint8Array): Uint8Array {
  const rest = new Uint8Array(8 + quoted.length);
  rest.set([type, r.below(5), 0, 0, 0, 0, 5, r.below(256)]);
  rest.set(quoted, 8);
  const { ip, at } = around(r, { ...t, protocol: LAYOUTS[t.family].icmp }, rest);
  sumUp(ip, t.family, LAYOUTS[t.family].icmp, at);
  return ip;
}

/** A packet in a frame for this MAC, mostly, without tags; some have bytes behind it. */
export function frameOf(r: Random, ip: Uint8Array, family: IpFamily, mac: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(IP + ip.length + (r.oneIn(20) ? r.below(30) : 0));
  bytes.set(r.oneIn(100) ? MACS.other : mac, 0);
  bytes.set(r.oneIn(20) ? MACS.other : MACS.gateway, 6);
  bytes.set(family === 6 ? [0x86, 0xdd] : [0x08, 0x00], 12);
  bytes.set(ip, IP);
  return bytes;
}
