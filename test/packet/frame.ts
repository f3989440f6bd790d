// SPDX-License-Identifier: MIT
// Builds Ethernet frames from what a test cares about; everything else has a fixed value, every checksum is computed
// from scratch. Inputs and expected outputs come from here alike.

import { crc32c } from './crc32c.ts';
import { addressBytes, ETHER_TYPE, IP_HEADER, isIpv6 } from './family.ts';
import { internetChecksum, segmentChecksum } from './internet-checksum.ts';
import type { Endpoint, Hop } from './roles.ts';

export type FrameProtocol = 'tcp' | 'udp' | 'sctp' | 'icmp';

export interface FrameFields {
  readonly hop: Hop;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol?: FrameProtocol;
  /** Letters of `FSRPAUEC`; default `A`. TCP only. */
  readonly flags?: string;
  /** SCTP: what stands behind the common header; default: a DATA chunk with the payload. */
  readonly chunks?: Uint8Array;
  readonly ttl?: number;
  readonly payload?: Uint8Array;
  /** IPv6 extension headers: their numbers, and their bytes behind the number of the next. */
  readonly extensions?: readonly (readonly [number, readonly number[]])[];
  /** IPv4 options, a multiple of four bytes. */
  readonly options?: Uint8Array;
  /** The 16 bits of flags and fragment offset; default: don't fragment. */
  readonly fragment?: number;
  /** ICMP: what stands in front of the payload; default: an echo request. */
  readonly icmp?: { readonly type: number; readonly code?: number; readonly rest?: number } | undefined;
  /** IPv4: type of service, identification. IPv6: flow label. */
  readonly tos?: number;
  readonly id?: number;
  readonly flow?: number;
  /** VLAN tags from the outside in, as [ethertype, id]. */
  readonly vlans?: readonly (readonly [number, number])[];
  readonly etherType?: number;
  /** Bytes behind the IP packet, as short frames have. */
  readonly trailer?: number;
  /** UDP only: send 0, which means that there is none. */
  readonly withoutChecksum?: boolean;
}

const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132, icmp: 1 } as const;
const FLAGS = 'FSRPAUEC';
const DONT_FRAGMENT = 0x4000;
/** IPv4's identification of every frame that does not say otherwise. */
export const USUAL_ID = 0xabcd;
const USUAL_FLOW = 0xabcde;
const PAYLOAD = new TextEncoder().encode('GET / HTTP/1.1');

/** `02:00:00:00:01:fe` as its six bytes. */
export const macBytes = (mac: string): Uint8Array =>
  Uint8Array.from(mac.split(':'), (byte) => Number.parseInt(byte, 16));

/** `SA` as a TCP header's flags. */
export const flagBits = (flags: string): number =>
  [...flags].reduce((bits, flag) => bits | (1 << FLAGS.indexOf(flag)), 0);

function concat(...parts: readonly ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];

function tcpSegment(f: FrameFields, payload: Uint8Array): Uint8Array {
  const ports = [...u16(f.from.port), ...u16(f.to.port)];
  const numbers = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88];
  return concat(ports, numbers, [0x50, flagBits(f.flags ?? 'A')], u16(0x7210), [0, 0, 0, 0], payload);
}

function udpSegment(f: FrameFields, payload: Uint8Array): Uint8Array {
  return concat(u16(f.from.port), u16(f.to.port), u16(8 + payload.length), [0, 0], payload);
}

/** A chunk of SCTP, padded to four bytes. */
export function chunk(type: number, content: ArrayLike<number> = [], flags = 0): Uint8Array {
  return concat([type, flags, ...u16(4 + content.length)], content, new Uint8Array(-content.length & 3));
}

function sctpPacket(f: FrameFields, payload: Uint8Array): Uint8Array {
  const data = f.chunks ?? chunk(0, [0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 0, ...payload], 3);
  return concat(u16(f.from.port), u16(f.to.port), [0x51, 0x52, 0x53, 0x54], [0, 0, 0, 0], data);
}

function icmpMessage(
  { icmp = { type: isIpv6 ? 128 : 8, rest: 0x00010001 } }: FrameFields,
  payload: Uint8Array,
): Uint8Array {
  const rest = icmp.rest ?? 0;
  return concat([icmp.type, icmp.code ?? 0, 0, 0, ...u16(rest >>> 16), ...u16(rest & 0xffff)], payload);
}

function segmentOf(f: FrameFields): Uint8Array {
  const payload = f.payload ?? PAYLOAD;
  if (f.protocol === 'udp') return udpSegment(f, payload);
  if (f.protocol === 'sctp') return sctpPacket(f, payload);
  if (f.protocol === 'icmp') return icmpMessage(f, payload);
  return tcpSegment(f, payload);
}

/** Where a segment begins, and of which protocol it is: an IPv6 packet's behind its extension headers, if it has any. */
export function segmentOfPacket(ip: Uint8Array): { at: number; protocol: number } {
  if (!isIpv6) return { at: ((ip[0] as number) & 15) * 4, protocol: ip[9] as number };
  let [at, protocol] = [IP_HEADER, ip[6] as number];
  while ([0, 43, 44, 60].includes(protocol)) {
    const units = protocol === 44 ? 1 : (ip[at + 1] as number) + 1;
    [protocol, at] = [ip[at] as number, at + units * 8];
  }
  return { at, protocol };
}

/** Writes the checksums of a whole packet in place: the IPv4 header's, and TCP's, UDP's, SCTP's or ICMP's. */
export function writeChecksums(ip: Uint8Array, withoutChecksum = false): void {
  const view = new DataView(ip.buffer, ip.byteOffset, ip.byteLength);
  const { at, protocol } = segmentOfPacket(ip);
  if (!isIpv6) {
    view.setUint16(10, 0);
    view.setUint16(10, internetChecksum(ip.subarray(0, at)));
  }
  if (protocol === PROTOCOLS.sctp && at + 12 <= ip.length) {
    view.setUint32(at + 8, 0);
    view.setUint32(at + 8, crc32c(ip.subarray(at)), true);
  }
  const place = at + ({ 6: 16, 17: 6, 1: 2, 58: 2 }[protocol] ?? 0);
  if (place === at || place + 2 > ip.length) return;
  view.setUint16(place, 0);
  if (withoutChecksum) return;
  const check = protocol === 1 ? internetChecksum(ip.subarray(at)) : segmentChecksum(ip, at, protocol);
  view.setUint16(place, check === 0 && protocol === 17 ? 0xffff : check);
}

function ipv4Packet(f: FrameFields): Uint8Array {
  const options = f.options ?? new Uint8Array(0);
  const segment = segmentOf(f);
  const header = 20 + options.length;
  const start = [
    0x40 | (header / 4),
    f.tos ?? 0,
    ...u16(header + segment.length),
    ...u16(f.id ?? USUAL_ID),
    ...u16(f.fragment ?? DONT_FRAGMENT),
  ];
  const rest = [f.ttl ?? 64, PROTOCOLS[f.protocol ?? 'tcp'], 0, 0];
  return concat(start, rest, addressBytes(f.from.address), addressBytes(f.to.address), options, segment);
}

function ipv6Packet(f: FrameFields): Uint8Array {
  const segment = segmentOf(f);
  const extensions = f.extensions ?? [];
  const protocol = f.protocol === 'icmp' ? 58 : PROTOCOLS[f.protocol ?? 'tcp'];
  const chain = [...extensions.map(([kind]) => kind), protocol];
  const headers = extensions.flatMap(([, bytes], i) => [chain[i + 1] as number, ...bytes]);
  const flow = f.flow ?? USUAL_FLOW;
  const start = [
    0x60,
    flow >> 16,
    ...u16(flow & 0xffff),
    ...u16(headers.length + segment.length),
    chain[0] as number,
    f.ttl ?? 64,
  ];
  return concat(start, addressBytes(f.from.address), addressBytes(f.to.address), headers, segment);
}

function ipPacket(f: FrameFields): Uint8Array {
  const ip = isIpv6 ? ipv6Packet(f) : ipv4Packet(f);
  writeChecksums(ip, f.withoutChecksum);
  return ip;
}

/** The frame of these fields. */
export function frame(f: FrameFields): Uint8Array {
  const tags = (f.vlans ?? []).flatMap(([type, id]) => [...u16(type), ...u16(id)]);
  const ethernet = [
    ...macBytes(f.hop.destination),
    ...macBytes(f.hop.source),
    ...tags,
    ...u16(f.etherType ?? ETHER_TYPE),
  ];
  return concat(ethernet, ipPacket(f), new Uint8Array(f.trailer ?? 0));
}

/** A copy with other bytes at `offset`; checksums stay as they were. */
export function patched(original: Uint8Array, offset: number, ...bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(original);
  copy.set(bytes, offset);
  return copy;
}
