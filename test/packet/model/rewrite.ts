// SPDX-License-Identifier: MIT
// The model's rewrite: field by field into a copy, each checksum carried along word by word (RFC 1624, equation 3), so
// that a wrong one stays as wrong as it was.
import { IP, type Packet, UDP } from './parse.ts';

export interface Rewrite {
  /** Which side of the packet is replaced. */
  readonly side: 'source' | 'destination';
  readonly address: number;
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

  address(before: number, after: number): void {
    this.word(before >>> 16, after >>> 16);
    this.word(before & 0xffff, after & 0xffff);
  }

  get value(): number {
    let sum = this.#sum;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    return ~sum & 0xffff;
  }
}

/** A quoted packet, rewritten in place as its sender knew it. What the message's checksum has to carry of it. */
function rewriteQuote(view: DataView, quote: number, { side, address, port }: Rewrite, message: Carried): void {
  const segment = quote + (view.getUint8(quote) & 15) * 4;
  const isUdp = view.getUint8(quote + 9) === UDP;
  // what the message's receiver is to the flow, the quoted packet's other side is
  const [addressAt, portAt] = side === 'destination' ? [quote + 12, segment] : [quote + 16, segment + 2];
  const header = new Carried(view.getUint16(quote + 10));
  const checkAt = segment + (isUdp ? 6 : 16);
  const hasCheck = checkAt + 2 <= view.byteLength && !(isUdp && view.getUint16(checkAt) === 0);
  const before = hasCheck ? view.getUint16(checkAt) : 0;
  const check = new Carried(before);
  header.address(view.getUint32(addressAt), address);
  check.address(view.getUint32(addressAt), address);
  check.word(view.getUint16(portAt), port);
  message.word(view.getUint16(portAt), port);
  view.setUint32(addressAt, address);
  view.setUint16(portAt, port);
  view.setUint16(quote + 10, header.value);
  if (!hasCheck) return;
  const after = isUdp ? check.value || 0xffff : check.value;
  view.setUint16(checkAt, after);
  message.word(before, after);
}

/** An ICMP error behind the rewrite. */
function rewrittenError(p: Packet, view: DataView, rewrite: Rewrite): void {
  const message = new Carried(view.getUint16(p.segment + 2));
  rewriteQuote(view, p.quote as number, rewrite, message);
  view.setUint16(p.segment + 2, message.value);
}

/** The bytes behind the rewrite. With `macs` the packet leaves for its next hop, without it is the kernel's. */
export function rewritten(p: Packet, { side, address, port }: Rewrite, macs?: Macs): Uint8Array {
  const out = new Uint8Array(p.frame.byteLength);
  out.set(new Uint8Array(p.frame.buffer, p.frame.byteOffset, p.frame.byteLength));
  const view = new DataView(out.buffer);
  const header = new Carried(view.getUint16(IP + 10));
  if (p.quote) rewrittenError(p, view, { side, address, port });
  // what has no ports of its own
  const isBare = p.quote !== undefined || p.fragment?.isFirst === false;
  const checkAt = p.segment + (p.protocol === UDP ? 6 : 16);
  const segment = new Carried(isBare ? 0 : view.getUint16(checkAt));
  const addressAt = side === 'source' ? IP + 12 : IP + 16;
  const portAt = side === 'source' ? p.segment : p.segment + 2;
  header.address(view.getUint32(addressAt), address);
  segment.address(view.getUint32(addressAt), address);
  if (!isBare) {
    segment.word(view.getUint16(portAt), port);
    view.setUint16(portAt, port);
  }
  view.setUint32(addressAt, address);
  if (macs) {
    const before = view.getUint16(IP + 8);
    view.setUint16(IP + 8, before - 0x100);
    header.word(before, before - 0x100);
    out.set(macs.destination, 0);
    out.set(macs.source, 6);
  }
  view.setUint16(IP + 10, header.value);
  if (isBare) return out;
  if (p.protocol !== UDP) view.setUint16(checkAt, segment.value);
  else if (view.getUint16(checkAt) !== 0) view.setUint16(checkAt, segment.value || 0xffff);
  return out;
}
