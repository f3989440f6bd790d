// SPDX-License-Identifier: MIT
// Where xlvs departs from kernel IPVS on purpose: the one list. What none of these explains is a fault. A departure that no
// scenario meets any more fails, too, so that the list says what is true.
import { segmentChecksum } from '../../packet/internet-checksum.ts';
import { areAllAlike, type Line } from './lines.ts';
import { segmentOf } from './packet.ts';
import type { Step } from './play.ts';

/** What differed in one step. */
export interface Difference {
  readonly scenario: string;
  readonly step: Step;
  readonly ipvs: readonly Line[];
  readonly xlvs: readonly Line[];
}

export interface Departure {
  readonly name: string;
  readonly reason: string;
  explains(difference: Difference): boolean;
}

const texts = (lines: readonly Line[]): string => lines.map(({ text }) => text).join('\n');

/** Rows whose client has no port are persistence entries. */
const isPersistence = ({ text }: Line): boolean => /^\S+ +mm:ss +\S+ +\S+:0 /.test(text);

/** Where servers are drained or removed under persistence, so that entries are discarded. */
const DISCARDING = [
  'persistence: a drained server',
  'persistence: a removed server',
  'thresholds × persistence',
  'marks × persistence × thresholds × removal',
];

/** PersistConn, the second column of its listing; the rest of the line. */
function entriesOf({ text }: Line): { readonly entries: number; readonly rest: string } {
  const [, before = text, entries = '0', after = ''] = /^( {2}-> \S+ +\d+ +)(\d+) +(.*)$/.exec(text) ?? [];
  return { entries: Number(entries), rest: `${before}${after}` };
}

const hasMoreEntries = (ipvs: readonly Line[], xlvs: readonly Line[]): boolean =>
  ipvs.length === xlvs.length &&
  ipvs.every((line, i) => {
    const [a, b] = [entriesOf(line), entriesOf(xlvs[i] as Line)];
    return a.rest === b.rest && a.entries >= b.entries;
  });

/** An ICMP error's bytes without its checksum, the quoted segment's, and the quoted hops with the quoted header's. */
function errorWithout(text: string, what: { readonly hops: boolean }): string {
  const [words = '', hex = ''] = text.split(' | ');
  const ip = Buffer.from(hex, 'hex');
  const isIpv4 = (ip[0] as number) >> 4 === 4;
  if (!(isIpv4 ? / icmp (3|11)\// : / icmp [1234]\//).test(words)) return text;
  const [icmp, header] = isIpv4 ? [20, 20] : [40, 40];
  const quoted = icmp + 8;
  const protocol = ip[quoted + (isIpv4 ? 9 : 6)];
  ip.fill(0, icmp + 2, icmp + 4);
  const check = quoted + header + (protocol === 6 ? 16 : 6);
  ip.fill(0, check, Math.min(check + 2, ip.length));
  if (what.hops) {
    ip.fill(0, quoted + (isIpv4 ? 8 : 7), quoted + (isIpv4 ? 9 : 8));
    if (isIpv4) ip.fill(0, quoted + 10, quoted + 12);
  }
  return `${words} | ${ip.toString('hex')}`;
}

/** The checksum of the segment that an error quotes, if it quotes all of it. */
function isQuotedRight({ text }: Line): boolean {
  const ip = Buffer.from(text.split(' | ')[1] ?? '', 'hex');
  const { at, protocol } = segmentOf(ip);
  if (protocol !== 1 && protocol !== 58) return true;
  const quoted = ip.subarray(at + 8);
  const length = (quoted[0] as number) >> 4 === 4 ? quoted.readUInt16BE(2) : 40 + quoted.readUInt16BE(4);
  if (length > quoted.length) return true;
  const segment = segmentOf(quoted);
  return segmentChecksum(quoted, segment.at, segment.protocol) === 0;
}

const areAlikeErrors = (ipvs: readonly Line[], xlvs: readonly Line[], what: { readonly hops: boolean }): boolean =>
  ipvs.length === xlvs.length &&
  ipvs.every(({ text }, i) => errorWithout(text, what) === errorWithout((xlvs[i] as Line).text, what)) &&
  xlvs.every((line, i) => line.text === ipvs[i]?.text || isQuotedRight(line));

/** Name, connections, packets and bytes of a row of --stats. */
const STATS = /^((?:TCP|UDP| {2}->) +\S+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$/;
/** Of the scenario's request and answer. */
const FRAGMENTS = { in: 3, out: 2 } as const;

/** Bytes that headers take of so many fragments, beyond those of the datagram. */
const headers = (name: string, fragments: number): number =>
  name.includes('[') ? 40 * (fragments - 1) + 8 * fragments : 20 * (fragments - 1);

function countsFragments(ipvs: string, xlvs: string): boolean {
  const [, name = '', ...counts] = STATS.exec(ipvs) ?? [];
  const [connections, , , inBytes, outBytes] = counts.map(Number) as [number, number, number, number, number];
  const expected = [
    ...[connections, FRAGMENTS.in, FRAGMENTS.out],
    ...[inBytes + headers(name, FRAGMENTS.in), outBytes + headers(name, FRAGMENTS.out)],
  ];
  const [, xlvsName, ...found] = STATS.exec(xlvs) ?? [];
  return name !== '' && name === xlvsName && counts[1] === '1' && counts[2] === '1' && expected.join() === found.join();
}

/** Who sends what to whom, without how much of it. */
const wayOf = (lines: readonly Line[]): string => lines.map(({ text }) => text.split(' length ')[0]).join('\n');

/** Seconds: `-p` of the scenario. */
const HELD_TIMEOUT = 12;

export const DEPARTURES: readonly Departure[] = [
  {
    name: 'persistence entries keep their own timeout',
    reason:
      "IPVS re-arms one that connections hold by 60 s, and its life stays 60 s; xlvs's timer means what the manual says",
    explains: ({ scenario, step, ipvs, xlvs }) =>
      scenario === 'persistence: an entry that connections hold' &&
      step.title === 'ipvsadm -Lnc' &&
      texts(ipvs) === texts(xlvs) &&
      areAllAlike(
        ipvs.filter((line) => !isPersistence(line)),
        xlvs.filter((line) => !isPersistence(line)),
      ) &&
      xlvs.filter(isPersistence).every(({ seconds = 0 }) => seconds <= HELD_TIMEOUT) &&
      ipvs.filter(isPersistence).every(({ seconds = 0 }) => seconds > HELD_TIMEOUT && seconds <= 60),
  },
  {
    name: 'entries that are discarded are gone',
    reason: 'IPVS gives one of a drained or removed server the ports 65535 and lists and counts it until it ends',
    explains: ({ scenario, step, ipvs, xlvs }) => {
      if (!DISCARDING.includes(scenario)) return false;
      if (step.title.endsWith('--persistent-conn')) return hasMoreEntries(ipvs, xlvs);
      return (
        step.title.startsWith('ipvsadm -Lnc') &&
        areAllAlike(
          ipvs.filter(({ text }) => !text.includes(':65535 ')),
          xlvs,
        )
      );
    },
  },
  {
    name: 'thresholds are saved',
    reason: "ipvsadm -S leaves -x and -y out, so that a restored table has none; xlvs's writes them",
    explains: ({ step, ipvs, xlvs }) =>
      step.title === 'ipvsadm -Sn' && texts(ipvs) === texts(xlvs).replace(/ -[xy] \d+/g, ''),
  },
  {
    name: 'marks above 2147483647 are saved as they can be read',
    reason: 'ipvsadm -S prints them negative, which -R refuses',
    explains: ({ step, ipvs, xlvs }) =>
      step.title === 'ipvsadm -Sn' &&
      texts(ipvs).replace(/(?<= -f )-\d+/g, (mark) => `${Number(mark) >>> 0}`) === texts(xlvs),
  },
  {
    name: 'fragments are counted',
    reason: 'IPVS puts datagrams together and counts one packet; xlvs passes fragments on and counts each',
    explains: ({ scenario, step, ipvs, xlvs }) =>
      scenario === 'counters of fragments' &&
      step.title.includes('--stats') &&
      ipvs.length === xlvs.length &&
      ipvs.every(({ text }, i) => text === xlvs[i]?.text || countsFragments(text, xlvs[i]?.text ?? '')),
  },
  {
    name: 'fragments that overtake their first are lost',
    reason:
      'only the first tells the ports, and XDP can keep no packet; such a fragment is left to the kernel and counted',
    explains: ({ scenario, step, ipvs, xlvs }) =>
      scenario === 'fragments that overtake their first' &&
      step.title === 'a request' &&
      ipvs.length === 1 &&
      wayOf(ipvs) === wayOf(xlvs),
  },
  {
    name: 'quoted checksums are right',
    reason:
      'IPVS changes addresses and ports in the packet that an ICMP error quotes, but not its checksum (RFC 5508, 4.2)',
    explains: ({ ipvs, xlvs }) => areAlikeErrors(ipvs, xlvs, { hops: false }),
  },
  {
    name: 'packets are quoted as they came',
    reason: 'IPVS lowers the hops before it finds a packet too big, and quotes it so (RFC 1812, 4.3.2.3 allows both)',
    explains: ({ ipvs, xlvs }) => areAlikeErrors(ipvs, xlvs, { hops: true }),
  },
  {
    name: 'fragments are quoted as they came',
    reason: 'IPVS quotes the datagram that it put together; xlvs the fragment that it answers',
    explains: ({ scenario, step, ipvs, xlvs }) =>
      scenario === 'fragments without a server' &&
      step.title === 'a request' &&
      ipvs.length === xlvs.length &&
      ipvs.every(({ text }, i) => text.split(' | ')[0] === xlvs[i]?.text.split(' | ')[0]),
  },
  {
    name: 'a packet without hops opens no connection',
    reason:
      'IPVS makes its entry before it finds that the packet goes no further, and holds it for a minute for nobody',
    explains: ({ scenario, step, ipvs, xlvs }) =>
      scenario === 'hops' &&
      step.title === 'ipvsadm -Lnc' &&
      areAllAlike(
        ipvs.filter(({ text }) => !/ \S+:101 +/.test(text)),
        xlvs,
      ),
  },
  {
    name: 'a reply tells one connection',
    reason:
      "IPVS takes a second one of the same client port and server, and answers both from the newer one's VIP; xlvs drops it",
    explains: ({ scenario, step, ipvs, xlvs }) =>
      scenario === 'one port of a client to two services with one server' &&
      step.title === 'the second' &&
      ipvs.length === 1 &&
      / tcp S ttl 63 /.test(texts(ipvs)) &&
      xlvs.length === 0,
  },
];
