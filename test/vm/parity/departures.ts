// SPDX-License-Identifier: MIT
// Where xlvs departs from kernel IPVS on purpose: the one list. What none of these explains is a fault. A departure that no
// scenario meets any more fails, too, so that the list says what is true.
import type { Line, Step } from './play.ts';

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

/** Scenarios that remove servers with expire_nodest_conn. */
const REMOVING = ['TCP: a removed server, expire_nodest_conn', 'marks × persistence × thresholds × removal'];

const withoutState = (line: Line): Line =>
  isPersistence(line) ? { text: line.text.replace(/ (NONE|ASSURED) +/, ' ') } : line;

/** The listing without its second column, PersistConn. */
const withoutEntries = (lines: readonly Line[]): string => texts(lines).replace(/^( {2}-> \S+ +\d+ +)\d+ +/gm, '$1');

/** An ICMP error's bytes without its checksum, the quoted segment's, and the quoted hops with the quoted header's. */
function errorWithout(text: string, what: { readonly hops: boolean }): string {
  const [words = '', hex = ''] = text.split(' | ');
  if (!/ icmp (3|11)\/| icmp [123]\//.test(words)) return text;
  const ip = Buffer.from(hex, 'hex');
  const isIpv4 = (ip[0] as number) >> 4 === 4;
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

const areAlikeErrors = (ipvs: readonly Line[], xlvs: readonly Line[], what: { readonly hops: boolean }): boolean =>
  ipvs.map(({ text }) => errorWithout(text, what)).join() === xlvs.map(({ text }) => errorWithout(text, what)).join();

export const DEPARTURES: readonly Departure[] = [
  {
    name: 'persistence entries keep their own timeout',
    reason:
      "IPVS re-arms one that connections hold by 60 s, and its life stays 60 s; xlvs's timer means what the manual says",
    explains: ({ scenario, ipvs, xlvs }) =>
      scenario === 'persistence: an entry that connections hold' &&
      texts(ipvs.filter((line) => !isPersistence(line))) === texts(xlvs.filter((line) => !isPersistence(line))),
  },
  {
    name: 'whether an entry is assured is seen from its connections',
    reason:
      'IPVS notes it in the entry and never takes it back; xlvs lists ASSURED while a connection of it is more than half open',
    explains: ({ step, ipvs, xlvs }) =>
      step.title.includes('-Lnc') && texts(ipvs.map(withoutState)) === texts(xlvs.map(withoutState)),
  },
  {
    name: 'entries that are discarded are gone',
    reason: 'IPVS gives one of a drained or removed server the ports 65535 and lists and counts it until it ends',
    explains: ({ step, ipvs, xlvs }) =>
      step.title.includes('-Lnc')
        ? texts(ipvs.filter(({ text }) => !text.includes(':65535 ')).map(withoutState)) ===
          texts(xlvs.map(withoutState))
        : step.title.endsWith('--persistent-conn') && withoutEntries(ipvs) === withoutEntries(xlvs),
  },
  {
    name: 'removed servers are left by and by',
    reason:
      "with expire_nodest_conn IPVS flushes a server's connections as it is removed; xlvs at their next packet, or by its timer",
    explains: ({ scenario, step, ipvs, xlvs }) =>
      REMOVING.includes(scenario) &&
      step.title.includes('-Lnc') &&
      ipvs.every(({ text }) => xlvs.some((line) => line.text === text)) &&
      xlvs.length > ipvs.length,
  },
  {
    name: 'thresholds are saved',
    reason: "ipvsadm -S leaves -x and -y out, so that a restored table has none; xlvs's writes them",
    explains: ({ step, ipvs, xlvs }) =>
      step.title === 'ipvsadm -Sn' && texts(ipvs) === texts(xlvs).replace(/ -[xy] \d+/g, ''),
  },
  {
    name: 'fragments are counted',
    reason: 'IPVS puts datagrams together and counts one packet; xlvs passes fragments on and counts each',
    explains: ({ scenario, step }) => scenario === 'counters of fragments' && step.title.includes('--stats'),
  },
  {
    name: 'fragments that overtake their first are lost',
    reason:
      'only the first tells the ports, and XDP can keep no packet; such a fragment is left to the kernel and counted',
    explains: ({ scenario, step }) => scenario === 'fragments that overtake their first' && step.title === 'a request',
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
    explains: ({ scenario, ipvs, xlvs }) =>
      scenario === 'fragments without a server' &&
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
      texts(ipvs.filter(({ text }) => !/ \S+:101 +/.test(text))) === texts(xlvs),
  },
  {
    name: 'no service without a scheduler',
    reason: '-s none is refused in one line',
    explains: ({ step }) => step.title.endsWith('-s none'),
  },
];
