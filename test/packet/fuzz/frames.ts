// SPDX-License-Identifier: MIT
// Frames for the fuzz test: first packets, packets of connections that were made, replies, and all that spoilt: cut off,
// bits turned, lengths, options, tags, fragments, odd flags, junk.
import { addressNumber } from '../family.ts';
import { macBytes, writeChecksums } from '../frame.ts';
import { internetChecksum } from '../internet-checksum.ts';
import type { Connection } from '../model/flow.ts';
import { ICMP, IP, TCP, UDP } from '../model/parse.ts';
import type { Random } from '../random.ts';
import { GATEWAY_MAC, PRIVATE, PRIVATE_MAC, PUBLIC, PUBLIC_MAC, SOMEBODY_MAC } from '../roles.ts';
import { CLIENTS, ENDPOINTS, PORTS, VIPS } from './world.ts';

export interface Sent {
  readonly bytes: Uint8Array;
  readonly device: number;
  /** Nothing was spoilt: its checksums are right. */
  readonly isSound: boolean;
}

const MACS = { gateway: macBytes(GATEWAY_MAC), other: macBytes(SOMEBODY_MAC) };
const OWN: Record<number, Uint8Array> = { [PUBLIC]: macBytes(PUBLIC_MAC), [PRIVATE]: macBytes(PRIVATE_MAC) };
const CLIENT_NUMBERS = CLIENTS.map(addressNumber);
const VIP_NUMBERS = VIPS.map(addressNumber);
const TARGETS = ENDPOINTS.map(({ address, port }) => ({ destination: addressNumber(address), destinationPort: port }));
const [F, S, R, P, A] = [1, 2, 4, 8, 16];
const FLAGS = [S, S, S, A, A, A, A, A | P, A | P, A | F, F, R, R | A, S | A, 0, S | F, S | R, 0xe0];

interface Tuple {
  readonly protocol: number;
  readonly source: number;
  readonly sourcePort: number;
  readonly destination: number;
  readonly destinationPort: number;
}

/** Any of the addresses with any of the ports, or something else. */
function anywhere(r: Random): Pick<Tuple, 'destination' | 'destinationPort'> {
  return {
    destination: r.oneIn(20) ? r.next() : r.pick(VIP_NUMBERS),
    destinationPort: r.oneIn(20) ? r.below(65536) : r.pick(PORTS),
  };
}

function firstPacket(r: Random): Tuple {
  return {
    protocol: r.oneIn(4) ? UDP : TCP,
    source: r.oneIn(100) ? r.next() : r.pick(CLIENT_NUMBERS),
    sourcePort: r.oneIn(100) ? 20 : 1024 + r.below(24),
    ...(r.oneIn(4) ? anywhere(r) : r.pick(TARGETS)),
  };
}

function requestOf({ client }: Connection): Tuple {
  const { protocol, source, sourcePort, destination, destinationPort } = client;
  return { protocol, source, sourcePort, destination, destinationPort };
}

function replyOf({ client, server, port }: Connection): Tuple {
  const back = { destination: client.source, destinationPort: client.sourcePort };
  return { protocol: client.protocol, source: server.address, sourcePort: port, ...back };
}

const usualLength = (r: Random): number => (r.oneIn(60) ? 500 + r.below(1000) : r.below(24));

function headers(r: Random, t: Tuple, device: number): Uint8Array {
  const options = r.oneIn(30) ? 4 * r.below(11) : 0;
  const segment = t.protocol === TCP ? 20 : 8;
  const length = 20 + options + segment + usualLength(r);
  const bytes = new Uint8Array(IP + length + (r.oneIn(20) ? r.below(30) : 0));
  bytes.set(r.oneIn(100) ? MACS.other : (OWN[device] as Uint8Array), 0);
  bytes.set(r.oneIn(20) ? MACS.other : MACS.gateway, 6);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, 0x0800);
  view.setUint8(IP, 0x40 | ((20 + options) / 4));
  view.setUint8(IP + 1, r.below(256));
  view.setUint16(IP + 2, length);
  view.setUint32(IP + 4, (r.next() & 0xffff0000) | (r.oneIn(2) ? 0x4000 : 0));
  view.setUint8(IP + 8, r.oneIn(40) ? r.below(3) : 2 + r.below(254));
  view.setUint8(IP + 9, t.protocol);
  view.setUint32(IP + 12, t.source);
  view.setUint32(IP + 16, t.destination);
  view.setUint16(IP + 20 + options, t.sourcePort);
  view.setUint16(IP + 22 + options, t.destinationPort);
  return bytes;
}

/** The rest of the segment, random payload, right checksums. */
function complete(r: Random, bytes: Uint8Array, protocol: number): void {
  const view = new DataView(bytes.buffer);
  const segment = IP + ((bytes[IP] as number) & 15) * 4;
  const end = IP + view.getUint16(IP + 2);
  for (let i = segment + 4; i < end; i++) bytes[i] = (r.next() >>> 3) & 255;
  if (protocol === TCP) {
    bytes[segment + 12] = 0x50;
    bytes[segment + 13] = r.oneIn(20) ? r.below(256) : r.pick(FLAGS);
  } else view.setUint16(segment + 4, end - segment);
  writeChecksums(bytes.subarray(IP, end), protocol === UDP && r.oneIn(10));
}

/** An error about what the router sent of this connection: a reply, told to the VIP, or a request, told to the client. */
function errorAbout(r: Random, known: Connection, isAboutReply: boolean, device: number): Uint8Array {
  const { client, server, port } = known;
  const vip = { address: client.destination, port: client.destinationPort };
  const [from, to] = [
    isAboutReply ? vip : { address: client.source, port: client.sourcePort },
    isAboutReply ? { address: client.source, port: client.sourcePort } : { address: server.address, port },
  ];
  const ports = { sourcePort: from.port, destinationPort: to.port };
  const quoted = headers(
    r,
    { protocol: client.protocol, source: from.address, destination: to.address, ...ports },
    device,
  );
  complete(r, quoted, client.protocol);
  const whole = quoted.subarray(IP, IP + new DataView(quoted.buffer).getUint16(IP + 2));
  const payload = r.oneIn(3) ? whole.subarray(0, ((whole[0] as number) & 15) * 4 + r.below(10)) : whole;
  const complaining = r.oneIn(2) ? to.address : r.pick(CLIENT_NUMBERS);
  const outside = { protocol: ICMP, source: complaining, destination: from.address, sourcePort: 0, destinationPort: 0 };
  return message(r, outside, payload, device);
}

function message(r: Random, outside: Tuple, payload: Uint8Array, device: number): Uint8Array {
  const start = headers(r, outside, device);
  const header = ((start[IP] as number) & 15) * 4;
  const bytes = new Uint8Array(IP + header + 8 + payload.length);
  bytes.set(start.subarray(0, IP + header));
  bytes.set([r.pick([3, 3, 3, 4, 11, 11, 5, 12]), r.below(5), 0, 0, 0, 0, 5, r.below(256)], IP + header);
  bytes.set(payload, IP + header + 8);
  new DataView(bytes.buffer).setUint16(IP + 2, bytes.length - IP);
  writeChecksums(bytes.subarray(IP));
  return bytes;
}

/** A first fragment, or one behind it: of few datagrams, so that some belong together. */
function fragmented(r: Random, bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer);
  view.setUint16(IP + 4, r.below(4));
  view.setUint16(IP + 6, r.oneIn(3) ? 0x2000 : (r.oneIn(2) ? 0x2000 : 0) | (1 + r.below(100)));
  view.setUint16(IP + 10, 0);
  view.setUint16(IP + 10, internetChecksum(bytes.subarray(IP, IP + ((bytes[IP] as number) & 15) * 4)));
  return bytes;
}

type Spoil = (r: Random, bytes: Uint8Array) => Uint8Array;

const setByte =
  (at: (r: Random) => number, value: (r: Random) => number): Spoil =>
  (r, bytes) => {
    const place = at(r);
    if (place < bytes.length) bytes[place] = value(r);
    return bytes;
  };

const anything = (r: Random): number => r.below(256);
const somewhere: Spoil = (r, bytes) => {
  const place = r.below(bytes.length);
  bytes[place] = (bytes[place] as number) ^ (1 << r.below(8));
  return bytes;
};

const tagged: Spoil = (r, bytes) => {
  const out = new Uint8Array(bytes.length + 4);
  out.set(bytes.subarray(0, 12));
  out.set([...r.pick([[0x81, 0x00], [0x88, 0xa8], [0x91, 0x00]]), 0, r.below(256)], 12); // biome-ignore format: pairs
  out.set(bytes.subarray(12), 16);
  return out;
};

const SPOILS: readonly Spoil[] = [
  somewhere,
  somewhere,
  somewhere,
  (r, bytes) => bytes.slice(0, 14 + r.below(bytes.length - 13)),
  tagged,
  setByte(() => IP, (r) => (r.oneIn(3) ? anything(r) : 0x40 | r.below(16))), // biome-ignore format: table
  setByte((r) => IP + 2 + r.below(2), anything),
  setByte(() => IP + 6, anything),
  setByte(() => IP + 9, anything),
  setByte((r) => 12 + r.below(2), anything),
  setByte((r) => IP + 12 + r.below(8), anything),
  setByte((r) => r.below(6), anything),
  setByte(() => 46, anything),
  setByte((r) => 34 + r.below(20), anything),
  setByte(() => IP + 10, anything),
];

function junk(r: Random): Sent {
  const bytes = new Uint8Array(14 + r.below(100));
  for (let i = 0; i < bytes.length; i++) bytes[i] = r.below(256);
  if (r.oneIn(2)) bytes.set([0x08, 0x00, 0x45].slice(0, bytes.length - 12), 12);
  return { bytes, device: r.oneIn(2) ? PUBLIC : PRIVATE, isSound: false };
}

/** The next frame, about one of these connections or none. */
export function nextFrame(r: Random, recent: readonly Connection[]): Sent {
  const kind = r.below(100);
  if (kind < 2) return junk(r);
  const known = recent.length > 0 ? r.pick(recent) : undefined;
  const isReply = known !== undefined && kind < 35;
  if (known && kind > 92)
    return spoilt(r, errorAbout(r, known, kind > 96, kind > 96 ? PUBLIC : PRIVATE), kind > 96 ? PUBLIC : PRIVATE);
  const tuple = isReply ? replyOf(known) : known && kind < 65 ? requestOf(known) : firstPacket(r);
  const device = isReply !== r.oneIn(50) ? PRIVATE : PUBLIC;
  const bytes = headers(r, tuple, device);
  complete(r, bytes, tuple.protocol);
  return spoilt(r, r.oneIn(20) ? fragmented(r, bytes) : bytes, device);
}

/** One in five is no longer what it was. */
function spoilt(r: Random, frame: Uint8Array, device: number): Sent {
  let bytes = frame;
  const isSound = !r.oneIn(5);
  for (let more = !isSound; more; more = r.oneIn(3)) bytes = r.pick(SPOILS)(r, bytes);
  return { bytes, device, isSound };
}
