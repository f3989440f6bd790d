// SPDX-License-Identifier: MIT
// What ICMP errors quote, compared: for departures that are about quoted packets.
import type { Line } from './lines.ts';
import { segmentOf } from './packet.ts';
import { checksumFaults } from './wire-text.ts';

/** What of the packet that an error quotes is left out of a comparison, and the error's own checksum with it. */
export type Part = 'the checksum of its segment' | 'its hops';

/** An ICMP error's bytes without that. */
function errorWithout(text: string, part: Part): string {
  const [words = '', hex = ''] = text.split(' | ');
  const ip = Buffer.from(hex, 'hex');
  const isIpv4 = (ip[0] as number) >> 4 === 4;
  if (!(isIpv4 ? / icmp (3|11)\// : / icmp [1234]\//).test(words)) return text;
  const [icmp, header] = isIpv4 ? [20, 20] : [40, 40];
  const quoted = icmp + 8;
  ip.fill(0, icmp + 2, icmp + 4);
  if (part === 'its hops') {
    ip.fill(0, quoted + (isIpv4 ? 8 : 7), quoted + (isIpv4 ? 9 : 8));
    if (isIpv4) ip.fill(0, quoted + 10, quoted + 12);
  } else {
    const check = quoted + header + (ip[quoted + (isIpv4 ? 9 : 6)] === 6 ? 16 : 6);
    ip.fill(0, check, Math.min(check + 2, ip.length));
  }
  return `${words} | ${ip.toString('hex')}`;
}

/** The checksums of the packet that an error quotes, if it quotes all of it. */
function isQuotedRight({ text }: Line): boolean {
  const ip = Buffer.from(text.split(' | ')[1] ?? '', 'hex');
  const { at, protocol } = segmentOf(ip);
  if (protocol !== 1 && protocol !== 58) return true;
  const quoted = ip.subarray(at + 8);
  const length = (quoted[0] as number) >> 4 === 4 ? quoted.readUInt16BE(2) : 40 + quoted.readUInt16BE(4);
  if (length > quoted.length) return true;
  return checksumFaults(quoted.subarray(0, length)) === '';
}

/** Errors that are the same but for that; of those that differ xlvs's quote is right. */
export const areAlikeErrors = (ipvs: readonly Line[], xlvs: readonly Line[], part: Part): boolean =>
  ipvs.length === xlvs.length &&
  ipvs.every(({ text }, i) => errorWithout(text, part) === errorWithout((xlvs[i] as Line).text, part)) &&
  xlvs.every((line, i) => line.text === ipvs[i]?.text || isQuotedRight(line));
