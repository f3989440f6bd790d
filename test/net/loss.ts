// SPDX-License-Identifier: MIT
// Whether anything got lost between hosts that talk to nobody but each other, by what they count: every TCP segment, UDP
// datagram and ICMP message that one sent has to come in at another. Segments sent again say less by themselves: a starved
// machine sends some whose first copy was only late.
import { expect } from 'vitest';
import type { Host } from '../../src/lab/host.ts';
import { patience } from '../../src/lab/patience.ts';

/** What is sent again is not among TcpOutSegs. */
const SENT = ['TcpOutSegs', 'TcpRetransSegs', 'UdpOutDatagrams', 'IcmpOutMsgs'];
/** But for the answers to SYNs: those are in both. */
const SENT_TWICE = 'TcpExtTCPSynRetrans';
/** IP packets by their ECN bits: the only counters of what comes in that count a merged segment as what it was merged of. */
const ARRIVED = ['IpExtInNoECTPkts', 'IpExtInECT0Pkts', 'IpExtInECT1Pkts', 'IpExtInCEPkts'];

/** In the lab nothing is merged on its way to TCP: these count segments of both families. */
const SEGMENTS = { sent: ['TcpOutSegs', 'TcpRetransSegs'], arrived: ['TcpInSegs'] };
const PACKETS = { sent: SENT, arrived: ARRIVED };

/** What a host sent more than came in there. */
async function surplus(host: Host, isServer: boolean, { sent, arrived } = PACKETS): Promise<number> {
  const { stdout } = await host.exec('nstat', ['-asz', '--json', ...sent, SENT_TWICE, ...arrived]);
  const { kernel } = JSON.parse(stdout) as { kernel: Record<string, number> };
  const sum = (counters: readonly string[]): number =>
    counters.reduce((total, name) => total + (kernel[name] ?? Number.NaN), 0);
  return sum(sent) - (isServer ? sum([SENT_TWICE]) : 0) - sum(arrived);
}

/** Fails unless all of these that clients and servers have sent each other arrive. */
async function expectAllToArrive(counted: typeof PACKETS, clients: readonly Host[], servers: readonly Host[]) {
  const missing = async (): Promise<number> => {
    const counts = [
      ...clients.map((host) => surplus(host, false, counted)),
      ...servers.map((host) => surplus(host, true, counted)),
    ];
    return (await Promise.all(counts)).reduce((a, b) => a + b, 0);
  };
  await expect.poll(missing, { timeout: patience(5_000), message: 'packets lost' }).toBe(0);
}

/** Of IPv4: fails unless everything that clients and servers have sent each other arrives. */
export const expectNothingLost = (clients: readonly Host[], servers: readonly Host[]): Promise<void> =>
  expectAllToArrive(PACKETS, clients, servers);

/** The same of TCP segments alone, of both families. */
export const expectNoSegmentLost = (clients: readonly Host[], servers: readonly Host[]): Promise<void> =>
  expectAllToArrive(SEGMENTS, clients, servers);
