// SPDX-License-Identifier: MIT
// The model's view of a frame: the same questions as the data plane's parsers, asked of plain bytes.
import type { IpFamily } from '../family.ts';
import { type Address, readAddress } from './address.ts';
import { LAYOUTS, type Layout } from './layout.ts';
import { pastExtensions } from './parse-ipv6.ts';
import { type SctpEvent, sctpEvent } from './sctp.ts';

export interface Packet {
  readonly frame: DataView;
  readonly family: IpFamily;
  /** Offset of the segment behind the IP header and those behind it. */
  readonly segment: number;
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The IP packet's, bytes. */
  readonly length: number;
  readonly ttl: number;
  readonly mayBeFragmented: boolean;
  /** An ICMP error: the packet it quotes, by the offsets of its header and its segment. Addresses and ports are those of what answers that. */
  readonly quote?: { readonly at: number; readonly segment: number };
  /** A fragment: the first has ports, the others have those of the first. */
  readonly fragment?: { readonly id: number; readonly isFirst: boolean };
  readonly syn: boolean;
  readonly rst: boolean;
  readonly fin: boolean;
  readonly ack: boolean;
  /** SCTP's; INIT is its SYN, ABORT in front and no chunk at all its RST. */
  readonly event?: SctpEvent | undefined;
  /** Where it came in. */
  readonly device: number;
}

export const IP = 14;
export const TCP = 6;
export const UDP = 17;
export const SCTP = 132;
const HEADERS: Readonly<Record<number, number>> = { [TCP]: 20, [UDP]: 8, [SCTP]: 12 };
const NO_FLAGS = { fin: false, syn: false, rst: false, ack: false };

/** A header that has been looked at, and what stands behind it. */
interface Headers extends Pick<Packet, 'frame' | 'family' | 'segment' | 'protocol' | 'length' | 'device'> {
  readonly fragment?: Packet['fragment'];
}

/** The packet in a frame of IP without tags, or why the kernel gets it untouched. */
export function parse(bytes: Uint8Array, device: number): Packet | string {
  const frame = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const etherType = frame.getUint16(12);
  const headers = etherType === 0x0800 ? parseIpv4(frame, device) : parseIpv6(frame, device);
  if (typeof headers === 'string') return headers;
  return headers.fragment ? parseFragment(headers) : parseSegment(headers);
}

function parseIpv4(frame: DataView, device: number): Headers | string {
  if (frame.byteLength < IP + 20) return 'truncated';
  const header = (frame.getUint8(IP) & 15) * 4;
  const length = frame.getUint16(IP + 2);
  if (frame.getUint8(IP) >> 4 !== 4 || header < 20 || length < header) return 'malformed';
  if (frame.byteLength < IP + length) return 'truncated';
  const headers = { frame, family: 4, segment: IP + header, protocol: frame.getUint8(IP + 9), length, device } as const;
  const place = frame.getUint16(IP + 6) & 0x3fff;
  if (place === 0) return headers;
  return { ...headers, fragment: { id: frame.getUint16(IP + 4), isFirst: (place & 0x1fff) === 0 } };
}

function parseIpv6(frame: DataView, device: number): Headers | string {
  if (frame.byteLength < IP + 40) return 'truncated';
  if (frame.getUint8(IP) >> 4 !== 6) return 'malformed';
  const length = 40 + frame.getUint16(IP + 4);
  if (frame.byteLength < IP + length) return 'truncated';
  const past = pastExtensions(frame, IP + 40, frame.getUint8(IP + 6));
  return typeof past === 'string' ? past : { frame, family: 6, length, device, ...past };
}

/** What both families' headers say. */
function common({ frame, family, segment, length, device }: Headers, { source, destination, hops }: Layout) {
  return {
    frame,
    family,
    segment,
    source: readAddress(frame, IP + source, family),
    destination: readAddress(frame, IP + destination, family),
    length,
    ttl: frame.getUint8(IP + hops),
    mayBeFragmented: family === 4 && (frame.getUint16(IP + 6) & 0x4000) === 0,
    device,
  };
}

/** One that is not the first has no ports, which the first of its datagram left behind. */
function parseFragment(headers: Headers): Packet | string {
  const { protocol, fragment } = headers;
  if (!fragment || (HEADERS[protocol] === undefined && (headers.family === 4 || fragment.isFirst))) return 'fragment';
  if (!fragment.isFirst)
    return {
      ...common(headers, LAYOUTS[headers.family]),
      protocol,
      sourcePort: 0,
      destinationPort: 0,
      fragment,
      ...NO_FLAGS,
    };
  const packet = parseSegment(headers);
  return typeof packet === 'string' ? packet : { ...packet, fragment };
}

/** Where a quoted packet's segment begins, and of which protocol it is. */
function quotedSegment({ frame, family, length }: Headers, quote: number): { at: number; protocol: number } | string {
  if (IP + length < quote + LAYOUTS[family].header) return 'truncated';
  if (frame.getUint8(quote) >> 4 !== family) return 'icmp';
  if (family === 6) {
    const past = pastExtensions(frame, quote + 40, frame.getUint8(quote + 6));
    if (typeof past === 'string' || past.fragment?.isFirst === false) return 'icmp';
    return { at: past.segment, protocol: past.protocol };
  }
  const header = (frame.getUint8(quote) & 15) * 4;
  const isFirst = (frame.getUint16(quote + 6) & 0x1fff) === 0;
  if (header < 20 || !isFirst) return 'icmp';
  return { at: quote + header, protocol: frame.getUint8(quote + 9) };
}

/** The flow whose packets answer the one that an error quotes. */
function parseIcmp(headers: Headers): Packet | string {
  const { frame, segment: message, family } = headers;
  const end = IP + headers.length;
  const layout = LAYOUTS[family];
  const at = message + 8;
  if (end < at) return 'truncated';
  if (!layout.isError(frame.getUint8(message))) return 'icmp';
  const quoted = quotedSegment(headers, at);
  if (typeof quoted === 'string') return quoted;
  const { at: segment, protocol } = quoted;
  if (end < segment + 8) return 'truncated';
  const outside = common(headers, layout);
  const destination = readAddress(frame, at + layout.source, family);
  if (HEADERS[protocol] === undefined || outside.destination !== destination) return 'icmp';
  const flow = { protocol, source: readAddress(frame, at + layout.destination, family), destination };
  const ports = { sourcePort: frame.getUint16(segment + 2), destinationPort: frame.getUint16(segment) };
  return { ...outside, ...flow, ...ports, ...NO_FLAGS, quote: { at, segment } };
}

function parseSegment(headers: Headers): Packet | string {
  const { frame, segment, protocol, length } = headers;
  const layout = LAYOUTS[headers.family];
  if (protocol === layout.icmp) return parseIcmp(headers);
  const header = HEADERS[protocol];
  if (header === undefined) return 'protocol';
  if (frame.byteLength < segment + header) return 'truncated';
  if (IP + length < segment + header) return 'malformed';
  if (protocol === TCP && frame.getUint8(segment + 12) >> 4 < 5) return 'malformed';
  if (protocol === SCTP) return parseSctp(headers, layout);
  return withFlags(headers, layout, protocol === TCP ? frame.getUint8(segment + 13) : 0x10);
}

function parseSctp(headers: Headers, layout: Layout): Packet {
  const event = sctpEvent(headers.frame, headers.segment, IP + headers.length);
  const isAbort = event === 'a' && headers.frame.getUint8(headers.segment + 12) === 6;
  const flags = event === 'i' ? 2 : isAbort || event === undefined ? 4 : 0;
  return { ...withFlags(headers, layout, flags), event };
}

/** One literal: spreads would cost the fuzz test a third of its time. */
function withFlags(
  { frame, family, segment, protocol, length, device }: Headers,
  layout: Layout,
  flags: number,
): Packet {
  return {
    frame,
    family,
    segment,
    protocol,
    source: readAddress(frame, IP + layout.source, family),
    destination: readAddress(frame, IP + layout.destination, family),
    sourcePort: frame.getUint16(segment),
    destinationPort: frame.getUint16(segment + 2),
    length,
    ttl: frame.getUint8(IP + layout.hops),
    mayBeFragmented: family === 4 && (frame.getUint16(IP + 6) & 0x4000) === 0,
    fin: (flags & 1) !== 0,
    syn: (flags & 2) !== 0,
    rst: (flags & 4) !== 0,
    ack: (flags & 16) !== 0,
    device,
  };
}
