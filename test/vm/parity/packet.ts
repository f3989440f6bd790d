// SPDX-License-Identifier: MIT
// IP packets of both families in one run, out of what a scenario cares about; checksums are computed from scratch. The packet
// tests' own builder (test/packet/frame.ts) knows one family a run.
import { addressBytes } from '../../../src/net/address.ts';
import { type ChunkName, carries } from '../../packet/chunks.ts';
import { crc32c } from '../../packet/crc32c.ts';
import { chunk } from '../../packet/frame.ts';
import { internetChecksum, segmentChecksum } from '../../packet/internet-checksum.ts';

export interface End {
  readonly address: string;
  readonly port: number;
}

/** What services are of. */
export type Protocol = keyof typeof NUMBERS;

export interface PacketFields {
  readonly from: End;
  readonly to: End;
  readonly protocol?: Protocol | 'icmp';
  /** letters of `FSRPA`; '' has none. TCP only */
  readonly flags?: string;
  /** SCTP only; the payload is one more, of data */
  readonly chunks?: readonly ChunkName[];
  readonly ttl?: number;
  readonly payload?: Uint8Array;
  /** ICMP: what stands in front of the payload */
  readonly icmp?: { readonly type: number; readonly code?: number; readonly rest?: number };
  /** IPv4: may be fragmented on the way */
  readonly isFragmentable?: boolean;
}

const FLAGS = 'FSRPA';
export const NUMBERS = { tcp: 6, udp: 17, sctp: 132 } as const;
const ICMP = 1;
const ICMPV6 = 58;
/** IPv4's identification of every packet that a scenario sends: another one is of the router's own making. */
export const SCENARIO_ID = 0xabcd;
/** IPv6's flow label, likewise. */
export const SCENARIO_LABEL = 0xabcde;
const TAG = [0x51, 0x52, 0x53, 0x54];
const DONT_FRAGMENT = 0x4000;
const CHECKSUM_AT: Readonly<Record<number, number>> = { 6: 16, 17: 6, 1: 2, 58: 2 };

export const isIpv6 = (address: string): boolean => address.includes(':');

export const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];

function segment({
  from,
  to,
  protocol = 'tcp',
  flags = 'A',
  chunks = ['data'],
  icmp,
  payload = new Uint8Array(0),
}: PacketFields): number[] {
  const ports = [...u16(from.port), ...u16(to.port)];
  if (protocol === 'udp') return [...ports, ...u16(8 + payload.length), 0, 0, ...payload];
  if (protocol === 'sctp') {
    const data = payload.length > 0 ? chunk(0, payload) : [];
    return [...ports, ...TAG, 0, 0, 0, 0, ...carries(...chunks).chunks, ...data];
  }
  if (protocol === 'icmp') {
    const { type = 8, code = 0, rest = 0x00010001 } = icmp ?? {};
    return [type, code, 0, 0, ...u16(rest >>> 16), ...u16(rest), ...payload];
  }
  const bits = [...flags].reduce((sum, flag) => sum | (1 << FLAGS.indexOf(flag)), 0);
  return [...ports, 0, 0, 0x10, 0, 0, 0, 0x20, 0, 0x50, bits, ...u16(0x7210), 0, 0, 0, 0, ...payload];
}

/** Where a packet's segment begins and of which protocol it is; no extension headers but a fragment's. */
export function segmentOf(ip: Uint8Array): { readonly at: number; readonly protocol: number } {
  if ((ip[0] as number) >> 4 === 4) return { at: ((ip[0] as number) & 15) * 4, protocol: ip[9] as number };
  return ip[6] === 44 ? { at: 48, protocol: ip[40] as number } : { at: 40, protocol: ip[6] as number };
}

/** The IPv4 header's checksum, and that of the segment behind it. */
export function writeChecksums(ip: Uint8Array): Uint8Array {
  const view = new DataView(ip.buffer, ip.byteOffset, ip.byteLength);
  const { at, protocol } = segmentOf(ip);
  if ((ip[0] as number) >> 4 === 4) {
    view.setUint16(10, 0);
    view.setUint16(10, internetChecksum(ip.subarray(0, at)));
  }
  if (protocol === NUMBERS.sctp) {
    view.setUint32(at + 8, 0);
    view.setUint32(at + 8, crc32c(ip.subarray(at)), true);
    return ip;
  }
  const place = at + (CHECKSUM_AT[protocol] ?? 0);
  view.setUint16(place, 0);
  const check = protocol === ICMP ? internetChecksum(ip.subarray(at)) : segmentChecksum(ip, at, protocol);
  view.setUint16(place, check === 0 && protocol === NUMBERS.udp ? 0xffff : check);
  return ip;
}

/** The IP packet of these fields. */
export function packet(fields: PacketFields): Uint8Array {
  const { from, to, protocol = 'tcp', ttl = 64, isFragmentable = false } = fields;
  const data = segment(fields);
  const addresses = [...addressBytes(from.address), ...addressBytes(to.address)];
  if (isIpv6(from.address)) {
    const next = protocol === 'icmp' ? ICMPV6 : NUMBERS[protocol];
    return writeChecksums(
      Uint8Array.from([
        ...u16(0x6000 | (SCENARIO_LABEL >> 16)),
        ...u16(SCENARIO_LABEL),
        ...u16(data.length),
        next,
        ttl,
        ...addresses,
        ...data,
      ]),
    );
  }
  const fragment = isFragmentable ? 0 : DONT_FRAGMENT;
  const start = [
    0x45,
    0,
    ...u16(20 + data.length),
    ...u16(SCENARIO_ID),
    ...u16(fragment),
    ttl,
    protocol === 'icmp' ? ICMP : NUMBERS[protocol],
    0,
    0,
  ];
  return writeChecksums(Uint8Array.from([...start, ...addresses, ...data]));
}
