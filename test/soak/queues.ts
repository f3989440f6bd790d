// SPDX-License-Identifier: MIT
// What the lab's own queues have lost: a veth that is full drops, on whatever machine it is, before the router or behind it.
import type { Host } from '../../src/lab/host.ts';

export interface Queues {
  /** sent by any device of the lab */
  readonly packets: number;
  /** to be sent, and dropped by a full queue */
  readonly dropped: number;
}

interface Link {
  readonly stats64: { readonly tx: Queues };
}

export async function readQueues(hosts: readonly Host[]): Promise<Queues> {
  const links = await Promise.all(
    hosts.map(async (host) => JSON.parse((await host.exec('ip', ['-s', '-j', 'link'])).stdout) as Link[]),
  );
  const sent = links.flat().map(({ stats64 }) => stats64.tx);
  return {
    packets: sent.reduce((sum, { packets }) => sum + packets, 0),
    dropped: sent.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}
