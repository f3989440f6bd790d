// SPDX-License-Identifier: MIT
// Runs traffic.h on several CPUs at once, and reckons from the table what the counts have to be.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as abi from '../../src/abi/index.ts';
import { bundleScript } from '../bundle-script.ts';
import { isIpv6 } from './family.ts';
import type { Router } from './router.ts';
import { isActive } from './states.ts';
import type { TrafficWork } from './traffic-thread.ts';

const THREAD = fileURLToPath(new URL('traffic-thread.ts', import.meta.url));

/** So many packets on each of so many threads; `frame` is a SYN of the first client to the VIP, without payload. */
export async function makeTraffic(router: Router, frame: Uint8Array, packets: number, threads = 2): Promise<void> {
  const script = bundleScript(THREAD);
  const { id } = router.object.program('traffic').info();
  const workerData = { program: id, frame, packets } satisfies TrafficWork;
  const workers = Array.from({ length: threads }, () => new Worker(script, { workerData }));
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
}

type Counts = Record<string, { active: number; inactive: number }>;

/** What a table holds, without what has no connections. */
export interface Census {
  /** by server slot */
  readonly servers: Counts;
  /** active connections by persistence entry */
  readonly persistence: Readonly<Record<string, number>>;
  readonly connections: number;
  /** halves without the other one */
  readonly orphans: number;
}

const keyText = (key: unknown): string =>
  JSON.stringify(key, (_, value) => (value instanceof Uint8Array ? [...value] : value));

/** The client's network; prefixes are whole addresses here. */
const clientOf = (source: unknown): abi.Address =>
  isIpv6 ? (source as abi.Address) : { word: [source as number, 0, 0, 0] };

/** From the connections themselves. */
export function census({ tables }: Router): Census {
  const all = new Map([...tables.connections.entries()].map(([key, half]) => [keyText(key), half]));
  const servers: Counts = {};
  const persistence: Record<string, number> = {};
  let connections = 0;
  let paired = 0;
  for (const half of all.values()) {
    if (half.direction !== abi.Direction.FORWARD) continue;
    connections++;
    const { key } = half;
    const peer = { source: half.address, destination: key.source, sourcePort: half.port };
    const reply = all.get(
      keyText({ ...peer, destinationPort: key.sourcePort, protocol: key.protocol, reserved: key.reserved }),
    );
    if (reply && reply.state >>> 16 === half.state >>> 16) paired++;
    const active = isActive(abi.stateNames[half.state & 255] ?? '');
    servers[half.server] ??= { active: 0, inactive: 0 };
    (servers[half.server] as Counts[string])[active ? 'active' : 'inactive']++;
    const service = tables.servers.get(half.server)?.service ?? 0;
    const entry = keyText({ client: clientOf(key.source), service });
    if (active && half.prefix) persistence[entry] = (persistence[entry] ?? 0) + 1;
  }
  return { servers, persistence, connections, orphans: all.size - 2 * paired };
}

/** What the data plane has counted of the same. */
export function counted({ tables }: Router): Pick<Census, 'servers' | 'persistence'> {
  const servers: Counts = {};
  for (const [slot, { active, inactive }] of tables.serverLoads.entries())
    if (active || inactive) servers[slot] = { active, inactive };
  const persistence: Record<string, number> = {};
  for (const [key, { active }] of tables.persistence.entries()) if (active) persistence[keyText(key)] = active;
  return { servers, persistence };
}
