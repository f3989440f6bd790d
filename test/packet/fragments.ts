// SPDX-License-Identifier: MIT
// A frame's packet in fragments, as a sender or a router makes them. Both families.
import { IP_HEADER, isIpv6 } from './family.ts';
import { internetChecksum } from './internet-checksum.ts';

const ETHERNET = 14;
const IP_DATA = ETHERNET + IP_HEADER;
const NEXT_HEADER = ETHERNET + 6;
const FRAGMENT_HEADER = 44;

function ipv4Fragment(frame: Uint8Array, from: number, data: Uint8Array, isLast: boolean): Uint8Array {
  const out = Uint8Array.from([...frame.subarray(0, IP_DATA), ...data]);
  const view = new DataView(out.buffer);
  view.setUint16(ETHERNET + 2, IP_HEADER + data.length);
  view.setUint16(ETHERNET + 6, from / 8 + (isLast ? 0 : 0x2000));
  view.setUint16(ETHERNET + 10, 0);
  view.setUint16(ETHERNET + 10, internetChecksum(out.subarray(ETHERNET, IP_DATA)));
  return out;
}

function ipv6Fragment(frame: Uint8Array, from: number, data: Uint8Array, isLast: boolean, id: number): Uint8Array {
  const header = new Uint8Array(8);
  header[0] = frame[NEXT_HEADER] as number;
  new DataView(header.buffer).setUint16(2, from + (isLast ? 0 : 1));
  new DataView(header.buffer).setUint32(4, id);
  const out = Uint8Array.from([...frame.subarray(0, IP_DATA), ...header, ...data]);
  out[NEXT_HEADER] = FRAGMENT_HEADER;
  new DataView(out.buffer).setUint16(ETHERNET + 4, 8 + data.length);
  return out;
}

/** The fragments with these numbers of bytes, multiples of 8, and one with the rest. IPv6 identifies them by `id`. */
export function fragmentsOf(frame: Uint8Array, sizes: readonly number[], id = 7): Uint8Array[] {
  const data = frame.subarray(IP_DATA);
  let from = 0;
  return [...sizes, Number.POSITIVE_INFINITY].map((size) => {
    const to = Math.min(data.length, from + size);
    const make = isIpv6 ? ipv6Fragment : ipv4Fragment;
    const fragment = make(frame, from, data.subarray(from, to), to === data.length, id);
    from = to;
    return fragment;
  });
}
