// SPDX-License-Identifier: MIT
// Datagrams cut into fragments, and put together again as their receiver would. Both families.
import { internetChecksum } from '../../packet/internet-checksum.ts';
import { u16 } from './packet.ts';

const FRAGMENT_HEADER = 44;
const IPV6_ID = 0x00c0ffee;
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const isIpv4 = (ip: Uint8Array): boolean => (ip[0] as number) >> 4 === 4;

function piece(ip: Uint8Array, from: number, data: Uint8Array, isLast: boolean): Uint8Array {
  if (!isIpv4(ip)) {
    const header = [ip[6] as number, 0, ...u16(from + (isLast ? 0 : 1)), ...u16(IPV6_ID >>> 16), ...u16(IPV6_ID)];
    const out = Uint8Array.from([...ip.subarray(0, 40), ...header, ...data]);
    out[6] = FRAGMENT_HEADER;
    view(out).setUint16(4, 8 + data.length);
    return out;
  }
  const out = Uint8Array.from([...ip.subarray(0, 20), ...data]);
  view(out).setUint16(2, out.length);
  view(out).setUint16(6, from / 8 + (isLast ? 0 : 0x2000));
  return withHeaderChecksum(out);
}

function withHeaderChecksum(ip: Uint8Array): Uint8Array {
  view(ip).setUint16(10, 0);
  view(ip).setUint16(10, internetChecksum(ip.subarray(0, 20)));
  return ip;
}

/** In fragments of `size` bytes of data, a multiple of 8, and the rest. */
export function cut(ip: Uint8Array, size: number): Uint8Array[] {
  const data = ip.subarray(isIpv4(ip) ? 20 : 40);
  const starts = Array.from({ length: Math.ceil(data.length / size) }, (_, i) => i * size);
  return starts.map((from) => piece(ip, from, data.subarray(from, from + size), from + size >= data.length));
}

interface Piece {
  /** of the datagram it belongs to */
  readonly key: string;
  readonly from: number;
  readonly isLast: boolean;
  readonly data: Uint8Array;
}

/** Undefined when the packet is whole. */
function pieceOf(ip: Uint8Array): Piece | undefined {
  if (isIpv4(ip)) {
    const word = view(ip).getUint16(6);
    if ((word & 0x3fff) === 0) return undefined;
    const key = `${ip.subarray(12, 20)} ${ip.subarray(4, 6)} ${ip[9]}`;
    return { key, from: (word & 0x1fff) * 8, isLast: (word & 0x2000) === 0, data: ip.subarray(20) };
  }
  if (ip[6] !== FRAGMENT_HEADER) return undefined;
  const word = view(ip).getUint16(42);
  const key = `${ip.subarray(8, 40)} ${ip.subarray(44, 48)}`;
  return { key, from: word & 0xfff8, isLast: (word & 1) === 0, data: ip.subarray(48) };
}

function whole(first: Uint8Array, pieces: readonly Piece[]): Uint8Array | undefined {
  const sorted = [...pieces].sort((a, b) => a.from - b.from);
  const data: number[] = [];
  for (const { from, data: bytes } of sorted) {
    if (from !== data.length) return undefined;
    data.push(...bytes);
  }
  if (!sorted.at(-1)?.isLast) return undefined;
  if (isIpv4(first)) {
    const out = Uint8Array.from([...first.subarray(0, 20), ...data]);
    view(out).setUint16(2, out.length);
    view(out).setUint16(6, 0);
    return withHeaderChecksum(out);
  }
  const out = Uint8Array.from([...first.subarray(0, 40), ...data]);
  out[6] = first[40] as number;
  view(out).setUint16(4, data.length);
  return out;
}

/** The packets with every datagram whose fragments are all there as one, at the place of its last fragment. */
export function reassembled<F extends { readonly ip: Uint8Array }>(frames: readonly F[]): F[] {
  const known = new Map<string, { first: Uint8Array; pieces: Piece[] }>();
  const out: F[] = [];
  for (const frame of frames) {
    const piece = pieceOf(frame.ip);
    if (!piece) {
      out.push(frame);
      continue;
    }
    const datagram = known.get(piece.key) ?? { first: frame.ip, pieces: [] };
    known.set(piece.key, datagram);
    datagram.pieces.push(piece);
    const ip = whole(datagram.first, datagram.pieces);
    if (!ip) continue;
    known.delete(piece.key);
    out.push({ ...frame, ip });
  }
  for (const { first } of known.values()) out.push(...frames.filter(({ ip }) => ip === first));
  return out;
}
