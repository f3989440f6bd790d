// SPDX-License-Identifier: MIT
// Frames for the fuzz test, of both families: first packets, packets of connections that were made, replies, errors about
// either, fragments of all of them, with tags and without, and all that spoilt.
import { addressBytes, type IpFamily } from '../family.ts';
import { type Address, addressOf } from '../model/address.ts';
import type { Connection, Device } from '../model/flow.ts';
import { SCTP, TCP, UDP } from '../model/parse.ts';
import { tagged } from '../model/tags.ts';
import type { Random } from '../random.ts';
import { CLIENTS, ENDPOINTS, PORTS, VIPS } from './inventory.ts';
import { frameOf, messageOf, packetOf, type Tuple } from './packets.ts';
import { spoil, spoilHead } from './spoil.ts';
import { someWay, type Way } from './ways.ts';

export interface Sent {
  readonly bytes: Uint8Array;
  /** Where it comes in. */
  readonly port: number;
  /** Nothing was spoilt: its checksums are right. */
  readonly isSound: boolean;
}

const addresses = (family: IpFamily, texts: readonly string[]): Address[] =>
  texts.map((text) => addressOf(addressBytes(text, family)));

const who = (family: IpFamily) => ({
  clients: addresses(family, CLIENTS),
  vips: addresses(family, VIPS),
  targets: ENDPOINTS.map(({ address, port }) => ({
    destination: addressOf(addressBytes(address, family)),
    destinationPort: port,
  })),
});
const WHO = { 4: who(4), 6: who(6) };

type Devices = ReadonlyMap<number, Device>;
type Target = Pick<Tuple, 'destination' | 'destinationPort'>;

/** One that nobody has: in IPv6 near those that are, or anywhere. */
function strange(r: Random, family: IpFamily): Address {
  const word = (): string => r.next().toString(16).padStart(8, '0');
  if (family === 4) return word();
  return r.oneIn(2) ? addressOf(addressBytes('0.0.0.0', 6)).slice(0, 24) + word() : word() + word() + word() + word();
}

/** Any of the addresses with any of the ports, or something else. */
function anywhere(r: Random, family: IpFamily): Target {
  return {
    destination: r.oneIn(20) ? strange(r, family) : r.pick(WHO[family].vips),
    destinationPort: r.oneIn(20) ? r.below(65536) : r.pick(PORTS),
  };
}

function firstPacket(r: Random): Tuple {
  const family = r.oneIn(2) ? 6 : 4;
  return {
    family,
    protocol: r.pick([TCP, TCP, TCP, TCP, TCP, UDP, UDP, SCTP]),
    source: r.oneIn(100) ? strange(r, family) : r.pick(WHO[family].clients),
    sourcePort: r.oneIn(100) ? 20 : 1024 + r.below(24),
    ...(r.oneIn(4) ? anywhere(r, family) : r.pick(WHO[family].targets)),
  };
}

function requestOf({ client }: Connection): Tuple {
  const { family, protocol, source, sourcePort, destination, destinationPort } = client;
  return { family, protocol, source, sourcePort, destination, destinationPort };
}

function replyOf({ client, server, port }: Connection): Tuple {
  const { family, protocol } = client;
  const back = { destination: client.source, destinationPort: client.sourcePort };
  return { family, protocol, source: server.address, sourcePort: port, ...back };
}

const TYPES = { 4: [3, 3, 3, 4, 11, 11, 5, 12], 6: [1, 1, 1, 2, 3, 3, 4, 100, 128, 137] };

/** What the router sent of this connection: a reply from the VIP, or a request to the server. */
function sentOf(known: Connection, isReply: boolean): Tuple {
  const { client, server, port } = known;
  if (!isReply) return { ...requestOf(known), destination: server.address, destinationPort: port };
  return { ...replyOf(known), source: client.destination, sourcePort: client.destinationPort };
}

/** An error about it, from whoever it went to or somebody on the way. */
function errorAbout(r: Random, known: Connection, isAboutReply: boolean): { family: IpFamily; ip: Uint8Array } {
  const sent = sentOf(known, isAboutReply);
  const { ip: whole, at } = packetOf(r, sent, r.oneIn(10));
  const quoted = r.oneIn(3) ? whole.subarray(0, at + r.below(10)) : whole;
  const complaining = r.oneIn(2) ? sent.destination : r.pick(WHO[sent.family].clients);
  const outside = { ...sent, source: complaining, destination: sent.source };
  return { family: sent.family, ip: messageOf(r, outside, r.pick(TYPES[sent.family]), quoted) };
}

function junk(r: Random, devices: Devices): Sent {
  const bytes = new Uint8Array(14 + r.below(100));
  for (let i = 0; i < bytes.length; i++) bytes[i] = r.below(256);
  const start = r.oneIn(2) ? [0x08, 0x00, 0x45] : [0x86, 0xdd, 0x60];
  if (r.oneIn(2)) bytes.set(start.slice(0, bytes.length - 12), 12);
  const { port, tags } = someWay(r, r.oneIn(2), devices);
  return { bytes: tagged(bytes, tags), port, isSound: false };
}

/** The next frame, about one of these connections or none, mostly to one of these devices. */
export function nextFrame(r: Random, recent: readonly Connection[], devices: Devices): Sent {
  const kind = r.below(100);
  if (kind < 2) return junk(r, devices);
  const known = recent.length > 0 ? r.pick(recent) : undefined;
  if (known && kind > 92) {
    const { family, ip } = errorAbout(r, known, kind > 96);
    return sent(r, family, ip, someWay(r, kind <= 96, devices));
  }
  const isReply = known !== undefined && kind < 35;
  const tuple = isReply ? replyOf(known) : known && kind < 65 ? requestOf(known) : firstPacket(r);
  const way = someWay(r, isReply !== r.oneIn(50), devices);
  const { ip } = packetOf(r, tuple, r.oneIn(20));
  return sent(r, tuple.family, ip, way);
}

/** One in five is no longer what it was, nor are the tags of one in thirty that has some. */
function sent(r: Random, family: IpFamily, ip: Uint8Array, { port, tags, mac }: Way): Sent {
  const frame = frameOf(r, ip, family, mac);
  const isSound = !r.oneIn(5);
  const bytes = tagged(isSound ? frame : spoil(r, family, frame), tags);
  if (tags.length === 0 || !r.oneIn(30)) return { bytes, port, isSound };
  return { bytes: spoilHead(r, bytes, tags.length), port, isSound: false };
}
