// SPDX-License-Identifier: MIT
// What the router says to the sender of a packet that it drops: an ICMP error, or nothing.
import { answerTo, ICMP } from '../icmp-frame.ts';
import type { Packet } from './parse.ts';

const address = (number: number): string => [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');

/** Groups, this network, the sender's own machine. */
function isHost(p: Packet): boolean {
  const [source, destination] = [p.source >>> 24, p.destination >>> 24];
  const isGroup = [0, 6].some((at) => p.frame.getUint8(at) & 1);
  return !isGroup && source !== 0 && source !== 127 && source < 224 && destination < 224;
}

export function answerOf(p: Packet, bytes: Uint8Array, reason: string, mtu: number): Uint8Array | undefined {
  const says = { no_server: ICMP.portUnreachable, ttl_exceeded: ICMP.timeExceeded, too_big: ICMP.tooBig(mtu) };
  const icmp = says[reason as keyof typeof says];
  if (!icmp || p.quote || p.fragment?.isFirst === false || !isHost(p)) return undefined;
  const tos = (p.frame.getUint8(15) & 0x1e) | 0xc0;
  const [from, to] = [p.source, p.destination].map((number) => ({ address: address(number), port: 0 }));
  return answerTo(bytes, from as never, to as never, icmp, tos);
}
