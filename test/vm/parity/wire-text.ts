// SPDX-License-Identifier: MIT
// A packet on the wire as one line for people and one for comparison: everything in it but what a router may choose by chance.
import { formatAddress } from '../../../src/net/address.ts';
import { crc32c } from '../../packet/crc32c.ts';
import { internetChecksum, onesComplementSum, segmentChecksum } from '../../packet/internet-checksum.ts';
import { NUMBERS, SCENARIO_ID, SCENARIO_LABEL, segmentOf } from './packet.ts';
import type { Side } from './world.ts';

export interface Frame {
  readonly side: Side;
  readonly destinationMac: string;
  readonly ip: Uint8Array;
}

const FLAGS = 'FSRPA';
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export interface Parsed {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly segment: Uint8Array;
}

export function parse(ip: Uint8Array): Parsed {
  const isIpv4 = (ip[0] as number) >> 4 === 4;
  const { at, protocol } = segmentOf(ip);
  const [source, destination] = isIpv4
    ? [ip.subarray(12, 16), ip.subarray(16, 20)]
    : [ip.subarray(8, 24), ip.subarray(24, 40)];
  const segment = ip.subarray(at);
  const hasPorts = Object.values<number>(NUMBERS).includes(protocol) && segment.length >= 4;
  return {
    source: formatAddress(source),
    destination: formatAddress(destination),
    protocol,
    sourcePort: hasPorts ? view(segment).getUint16(0) : 0,
    destinationPort: hasPorts ? view(segment).getUint16(2) : 0,
    segment,
  };
}

function segmentText({ protocol, segment }: Parsed): string {
  if (protocol === 6) return `tcp ${[...FLAGS].filter((_, i) => (segment[13] as number) & (1 << i)).join('') || '-'}`;
  if (protocol === 17) return 'udp';
  if (protocol === 132) return `sctp ${segment[12]}`;
  const rest = segment.length >= 8 ? view(segment).getUint32(4) : 0;
  return `icmp ${segment[0]}/${segment[1]} ${rest}`;
}

function isCrcRight(segment: Uint8Array): boolean {
  const copy = Uint8Array.from(segment);
  copy.fill(0, 8, 12);
  return view(segment).getUint32(8, true) === crc32c(copy);
}

/** What is wrong with the checksums: nothing, mostly. A UDP checksum of 0 is none. */
export function checksumFaults(ip: Uint8Array): string {
  const { at, protocol } = segmentOf(ip);
  const isIpv4 = (ip[0] as number) >> 4 === 4;
  const header = isIpv4 && onesComplementSum(ip.subarray(0, at)) !== 0xffff ? ' IP CHECKSUM WRONG' : '';
  if (protocol === 132) return isCrcRight(ip.subarray(at)) ? header : `${header} CRC32c WRONG`;
  if (protocol === 17 && view(ip).getUint16(at + 6) === 0) return header;
  const sum = protocol === 1 ? internetChecksum(ip.subarray(at)) : segmentChecksum(ip, at, protocol);
  return sum === 0 ? header : `${header} CHECKSUM WRONG`;
}

/** An ICMP message that was never forwarded: its identification may be the scenario's by chance. */
const isOwnMessage = (ip: Uint8Array): boolean => ip[9] === 1 && ip[8] === 64;

/** The identification or flow label of a packet that the router made is random: zero, and IPv4's checksum with it. */
function withoutChance(ip: Uint8Array): Uint8Array {
  const isIpv4 = (ip[0] as number) >> 4 === 4;
  const isScenarios = isIpv4
    ? view(ip).getUint16(4) === SCENARIO_ID && !isOwnMessage(ip)
    : (view(ip).getUint32(0) & 0xfffff) === SCENARIO_LABEL;
  if (isScenarios) return ip;
  const copy = Uint8Array.from(ip);
  if (isIpv4) {
    copy.fill(0, 4, 6);
    copy.fill(0, 10, 12);
  } else {
    copy[1] = (copy[1] as number) & 0xf0;
    copy.fill(0, 2, 4);
  }
  return copy;
}

const end = (address: string, port: number): string =>
  port === 0 ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export function frameText({ side, destinationMac, ip }: Frame): string {
  const parsed = parse(ip);
  const ends = `${end(parsed.source, parsed.sourcePort)} > ${end(parsed.destination, parsed.destinationPort)}`;
  const ttl = (ip[0] as number) >> 4 === 4 ? ip[8] : ip[7];
  const rest = `ttl ${ttl} length ${ip.length} to ${destinationMac}${checksumFaults(ip)}`;
  return `${side} ${ends} ${segmentText(parsed)} ${rest} | ${hex(withoutChance(ip))}`;
}
