// SPDX-License-Identifier: MIT
// Whether anything got lost between hosts that talk to nobody but each other, by what they count: every TCP segment and UDP
// datagram that one sent has to come in at another. Segments sent again say less: a starved machine sends some whose first
// copy was only late.
import { expect } from 'vitest';
import type { Host } from '../../src/lab/host.ts';
import { patience } from '../../src/lab/patience.ts';

const SENT = ['TcpOutSegs', 'UdpOutDatagrams'];
/** IP packets by their ECN bits: the only counters of what comes in that count a merged segment as what it was merged of. */
const ARRIVED = ['IpExtInNoECTPkts', 'IpExtInECT0Pkts', 'IpExtInECT1Pkts', 'IpExtInCEPkts'];

async function sum(host: Host, names: readonly string[]): Promise<number> {
  const { stdout } = await host.exec('nstat', ['-asz', '--json', ...names]);
  const { kernel } = JSON.parse(stdout) as { kernel: Record<string, number> };
  return names.reduce((total, name) => total + (kernel[name] ?? Number.NaN), 0);
}

/** IPv4 packets sent that have not come in: lost, or still under way. */
async function missing(hosts: readonly Host[]): Promise<number> {
  const [sent, arrived] = [SENT, ARRIVED].map((names) => Promise.all(hosts.map((host) => sum(host, names))));
  const total = async (counts: Promise<number[]> | undefined) => ((await counts) ?? []).reduce((a, b) => a + b, 0);
  const cameIn = await total(arrived);
  return (await total(sent)) - cameIn;
}

/** Fails unless everything that these hosts have sent each other arrives. */
export async function expectNothingLost(hosts: readonly Host[]): Promise<void> {
  await expect.poll(() => missing(hosts), { timeout: patience(5_000), message: 'packets lost' }).toBe(0);
}
