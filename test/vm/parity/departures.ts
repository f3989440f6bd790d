// SPDX-License-Identifier: MIT
// Where xlvs departs from kernel IPVS on purpose: the one list. What none of these explains is a fault. A departure that no
// scenario meets any more fails, too, so that the list says what is true.
import { areAlike, areAllAlike, type Line } from './lines.ts';
import type { Step } from './play.ts';
import { areAlikeErrors } from './quotes.ts';

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

/** Where errors about translated packets are translated. */
const TRANSLATING = [
  'ICMP about connections',
  'ICMP about persistent connections',
  'ICMP × NAT × fragments',
  'schedule_icmp',
];

/** Where a router says of a packet that it goes no further, by scenario and steps. */
const REFUSING: Readonly<Record<string, readonly string[]>> = {
  'too big for the private side': ['must not be fragmented', 'may be'],
  'SCTP: what is said of it': ['no hops left, too big'],
  nat_icmp_send: ['unasked, once more', 'of a drained server'],
};

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
const HELD_TIMEOUT = 6;
/** Seconds: ESTABLISHED before and after. */
const SET_TIMEOUT = { before: 900, after: 200 } as const;

const isNear = ({ seconds = 0 }: Line, timeout: number): boolean => seconds <= timeout && seconds > timeout - 60;

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
    name: 'timeouts that are set hold at once',
    reason: "IPVS's entries have timers of their own, which their next packet sets anew; xlvs's tell when that was",
    explains: ({ scenario, step, ipvs, xlvs }) =>
      scenario === 'timeouts that are set' &&
      step.title === 'ipvsadm -Lnc' &&
      texts(ipvs) === texts(xlvs) &&
      ipvs.every((line, i) => {
        const other = xlvs[i] as Line;
        return areAlike(line, other) || (isNear(line, SET_TIMEOUT.before) && isNear(other, SET_TIMEOUT.after));
      }),
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
      /^ipvsadm -Sn?$/.test(step.title) && texts(ipvs) === texts(xlvs).replace(/ -[xy] \d+/g, ''),
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
    explains: ({ scenario, step, ipvs, xlvs }) =>
      TRANSLATING.includes(scenario) &&
      step.title.endsWith('errors') &&
      areAlikeErrors(ipvs, xlvs, 'the checksum of its segment'),
  },
  {
    name: 'packets are quoted as they came',
    reason: 'IPVS lowers the hops before it refuses a packet, and quotes it so (RFC 1812, 4.3.2.3 allows both)',
    explains: ({ scenario, step, ipvs, xlvs }) =>
      (REFUSING[scenario] ?? []).includes(step.title) && areAlikeErrors(ipvs, xlvs, 'its hops'),
  },
  {
    name: 'what was damaged arrives as damaged',
    reason:
      'IPVS makes a new CRC32c of an SCTP packet whose port it changes, right for whatever has become of it on its way here',
    explains: ({ scenario, step, ipvs, xlvs }) =>
      scenario === 'SCTP: damaged packets' &&
      step.title === 'to another port' &&
      ipvs.length === 1 &&
      wayOf(ipvs) === wayOf(xlvs) &&
      !texts(ipvs).includes('CRC32c WRONG') &&
      texts(xlvs).includes('CRC32c WRONG'),
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
