// SPDX-License-Identifier: MIT
// ICMP errors as frames: about a packet that was sent, and the ones that the router itself sends. Both families.
import { isIpv6 } from './family.ts';
import { type FrameFields, frame, USUAL_ID, writeChecksums } from './frame.ts';
import { onesComplementSum } from './internet-checksum.ts';
import type { Endpoint } from './roles.ts';

const ETHERNET = 14;
/** As much as a message says of the packet it is about (RFC 1812, RFC 4443). */
const QUOTED = isIpv6 ? 1280 - 48 : 576 - 28;

/** Type, code and the word behind the checksum, by what the message says. */
export const ICMP = {
  portUnreachable: isIpv6 ? { type: 1, code: 4 } : { type: 3, code: 3 },
  timeExceeded: isIpv6 ? { type: 3 } : { type: 11 },
  tooBig: (mtu: number) => (isIpv6 ? { type: 2, rest: mtu } : { type: 3, code: 4, rest: mtu }),
};

/** The packet that a message quotes: a frame without its Ethernet header. */
export const packetOf = (sent: Uint8Array, length?: number): Uint8Array =>
  sent.slice(ETHERNET, length === undefined ? undefined : ETHERNET + length);

/** An error about the packet `quoted`. */
export const icmpError = (fields: FrameFields, quoted: Uint8Array): Uint8Array =>
  frame({ protocol: 'icmp', ...fields, payload: quoted });

const mac = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(':');

/** What the router says to the sender of this frame, which went from one to the other. */
export function answerTo(
  sent: Uint8Array,
  from: Endpoint,
  to: Endpoint,
  icmp: FrameFields['icmp'],
  tos = 0xc0,
): Uint8Array {
  const hop = { source: mac(sent.subarray(0, 6)), destination: mac(sent.subarray(6, 12)) };
  const own = { tos, fragment: 0, flow: 0, ttl: 64 };
  const length = new DataView(sent.buffer, sent.byteOffset + ETHERNET).getUint16(isIpv6 ? 4 : 2) + (isIpv6 ? 40 : 0);
  return icmpError({ hop, from: to, to: from, icmp, ...own }, packetOf(sent, Math.min(length, QUOTED)));
}

const isTag = (frame: Uint8Array, at: number): boolean =>
  [0x8100, 0x88a8].includes(((frame[at] as number) << 8) | (frame[at + 1] as number));

/** A frame that the router made, with the identification of the tests' own instead of a random one. */
export function withUsualId(made: Uint8Array): Uint8Array {
  const start = [0, 4, 8].map((tags) => ETHERNET + tags).find((at) => !isTag(made, at - 2)) ?? ETHERNET;
  const ip = Uint8Array.from(made.subarray(start));
  if (isIpv6 || onesComplementSum(ip.subarray(0, 20)) !== 0xffff) return made;
  ip.set([USUAL_ID >> 8, USUAL_ID & 255], 4);
  const check = new DataView(ip.buffer).getUint16(22);
  writeChecksums(ip);
  // the message's own stays as the router wrote it
  new DataView(ip.buffer).setUint16(22, check);
  return Uint8Array.from([...made.subarray(0, start), ...ip]);
}
