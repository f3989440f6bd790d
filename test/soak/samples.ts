// SPDX-License-Identifier: MIT
// What the router holds while it is soaked: tables, counts, the daemon's memory and the machine's.
import { readdirSync, readFileSync } from 'node:fs';
import type { Rig } from '../net/rig.ts';
import { happened } from '../net/shown.ts';

export interface Sample {
  /** seconds since the soak began */
  readonly at: number;
  /** both families */
  readonly connections: number;
  /** of IPv4's table, 0 to 1 */
  readonly filled: number;
  readonly persistence: number;
  /** of all servers */
  readonly active: number;
  readonly inactive: number;
  readonly packets: number;
  readonly drops: Readonly<Record<string, number>>;
  readonly passes: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
  /** of the daemon: resident bytes, open descriptors */
  readonly daemonBytes: number;
  readonly daemonDescriptors: number;
  /** bytes of the kernel that it cannot give back (Slab's unreclaimable part and what vmalloc holds) */
  readonly kernelBytes: number;
}

export async function takeSample(rig: Rig, daemon: number, at: number): Promise<Sample> {
  const { tables, services, counters, drops, passes, events } = await rig.show('status');
  const total = (field: 'active' | 'inactive') => services.reduce((sum, service) => sum + service[field], 0);
  return {
    at,
    connections: (tables.connections?.entries ?? 0) + (tables.ipv6_connections?.entries ?? 0),
    filled: (tables.connections?.entries ?? 0) / (tables.connections?.capacity ?? 1),
    persistence: tables.persistence?.entries ?? 0,
    active: total('active'),
    inactive: total('inactive'),
    packets: counters.incoming_packets + counters.outgoing_packets,
    drops: happened(drops),
    passes: happened(passes),
    events: happened(events),
    daemonBytes: kilobytes(`/proc/${daemon}/status`, 'VmRSS') * 1024,
    daemonDescriptors: readdirSync(`/proc/${daemon}/fd`).length,
    kernelBytes: (kilobytes('/proc/meminfo', 'SUnreclaim') + kilobytes('/proc/meminfo', 'VmallocUsed')) * 1024,
  };
}

function kilobytes(file: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1]);
}
