// SPDX-License-Identifier: MIT
// One HTTP request of the demo's client, and what came of it.
import type { Host } from '../lab/host.ts';
import { VIP } from '../lab/topology.ts';

export interface Visit {
  /** who answered, e.g. `server2` */
  readonly server: string;
  /** what the server saw: `192.0.2.101:40000 -> 10.0.0.2:80` */
  readonly seen: string;
  /** the address the client got the answer from */
  readonly from: string;
}

const ANSWER = /^(\S+) saw (.+)$/m;

/** Asks the VIP over a connection of its own. Throws LabError when nobody answers. */
export async function visit(client: Host, port: number): Promise<Visit> {
  const args = [
    '--silent',
    '--show-error',
    '--max-time',
    '5',
    '--write-out',
    'from %{remote_ip}',
    `http://${VIP}:${port}/`,
  ];
  const { stdout } = await client.exec('curl', args);
  const [, server = '?', seen = '?'] = ANSWER.exec(stdout) ?? [];
  return { server, seen, from: /from (\S+)$/.exec(stdout)?.[1] ?? '?' };
}
