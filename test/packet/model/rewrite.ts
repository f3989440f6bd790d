// SPDX-License-Identifier: MIT
// The model's rewrite: field by field into a copy, each checksum carried along word by word (RFC 1624, equation 3), so
// that a wrong one stays as wrong as it was.
import { crc32c } from '../crc32c.ts';
import { type Address, readAddress, wordsOf, writeAddress } from './address.ts';
import { LAYOUTS } from './layout.ts';
import { IP, type Packet, SCTP, UDP } from './parse.ts';

export interface Rewrite {
  /** Which side of the packet is replaced. */
  readonly side: 'source' | 'destination';
  readonly address: Address;
  readonly port: number;
}

export interface Macs {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
}

/** A checksum field and the changes made to what it covers. */
class Carried {
  #sum: number;

  constructor(check: number) {
    this.#sum = ~check & 0xffff;
  }

  word(before: number, after: number): void {
    this.#sum += (~before & 0xffff) + after;
  }

  address(before: Address, after: Address): void {
    const old = wordsOf(before);
    wordsOf(after).forEach((word, i) => {
      this.word((old[i] as number) >>> 16, word >>> 16);
      this.word((old[i] as number) & 0xffff, word & 0xffff);
    });
  }

  get value(): number {
    let sum = this.#sum;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    return ~sum & 0xffff;
  }
}

/** A quoted packet, rewritten in place as its sender knew it. What the message's checksum has to carry of it. */
function rewriteQuote(p: Packet, view: DataView, { side, address, port }: Rewrite, message: Carried): void {
  const { at, segment } = p.quote as NonNullable<Packet['quote']>;
  const layout = LAYOUTS[p.family];
  const isUdp = p.protocol === UDP;
  // what the message's receiver is to the flow, the quoted packet's other side is
  const [addressAt, portAt] =
    side === 'destination' ? [at + layout.source, segment] : [at + layout.destination, segment + 2];
  const checkAt = segment + (isUdp ? 6 : 16);
  const hasCheck = p.protocol !== SCTP && checkAt + 2 <= IP + p.length && !(isUdp && view.getUint16(checkAt) === 0);
  const before = hasCheck ? view.getUint16(checkAt) : 0;
  const check = new Carried(before);
  const old = readAddress(view, addressAt, p.family);
  check.address(old, address);
  check.word(view.getUint16(portAt), port);
  message.word(view.getUint16(portAt), port);
  if (p.family === 6) message.address(old, address);
  else carryHeader(view, at, old, address);
  writeAddress(view, addressAt, address);
  view.setUint16(portAt, port);
  if (!hasCheck) return;
  const after = isUdp ? check.value || 0xffff : check.value;
  view.setUint16(checkAt, after);
  message.word(before, after);
}

/** An IPv4 header's own checksum: with it a header's sum is the same, whatever stands in it. */
function carryHeader(view: DataView, at: number, before: Address, after: Address): void {
  const header = new Carried(view.getUint16(at + 10));
  header.address(before, after);
  view.setUint16(at + 10, header.value);
}

/** An ICMP error behind the rewrite; IPv6's checksum covers the addresses outside, too. */
function rewriteError(p: Packet, view: DataView, rewrite: Rewrite, before: Address): void {
  const message = new Carried(view.getUint16(p.segment + 2));
  rewriteQuote(p, view, rewrite, message);
  if (p.family === 6) message.address(before, rewrite.address);
  view.setUint16(p.segment + 2, message.value);
}

/** As wrong behind it as before. */
function rewriteSctp(p: Packet, view: DataView, { side, port }: Rewrite): void {
  const bytes = new Uint8Array(view.buffer).subarray(p.segment, IP + p.length);
  const before = crc32c(bytes);
  view.setUint16(side === 'source' ? p.segment : p.segment + 2, port);
  const change = before ^ crc32c(bytes);
  view.setUint32(p.segment + 8, view.getUint32(p.segment + 8, true) ^ change, true);
}

function rewriteSegment(p: Packet, view: DataView, { side, address, port }: Rewrite, before: Address): void {
  const portAt = side === 'source' ? p.segment : p.segment + 2;
  const checkAt = p.segment + (p.protocol === UDP ? 6 : 16);
  const segment = new Carried(view.getUint16(checkAt));
  segment.address(before, address);
  segment.word(view.getUint16(portAt), port);
  view.setUint16(portAt, port);
  if (p.protocol !== UDP) view.setUint16(checkAt, segment.value);
  else if (view.getUint16(checkAt) !== 0) view.setUint16(checkAt, segment.value || 0xffff);
}

function loseHop(p: Packet, view: DataView): void {
  const at = IP + LAYOUTS[p.family].hops;
  view.setUint8(at, view.getUint8(at) - 1);
  if (p.family === 6) return;
  const header = new Carried(view.getUint16(IP + 10));
  header.word(0x0100, 0);
  view.setUint16(IP + 10, header.value);
}

/** The bytes behind the rewrite. With `macs` the packet leaves for its next hop, without it is the kernel's. */
export function rewritten(p: Packet, rewrite: Rewrite, macs?: Macs): Uint8Array {
  const out = new Uint8Array(p.frame.byteLength);
  out.set(new Uint8Array(p.frame.buffer, p.frame.byteOffset, p.frame.byteLength));
  const view = new DataView(out.buffer);
  const addressAt = IP + LAYOUTS[p.family][rewrite.side];
  const before = readAddress(view, addressAt, p.family);
  if (p.quote) rewriteError(p, view, rewrite, before);
  else if (p.protocol === SCTP) {
    // a fragment's port stays
    if (!p.fragment) rewriteSctp(p, view, rewrite);
  } else if (p.fragment?.isFirst !== false) rewriteSegment(p, view, rewrite, before);
  if (p.family === 4) carryHeader(view, IP, before, rewrite.address);
  writeAddress(view, addressAt, rewrite.address);
  if (!macs) return out;
  loseHop(p, view);
  out.set(macs.destination, 0);
  out.set(macs.source, 6);
  return out;
}
