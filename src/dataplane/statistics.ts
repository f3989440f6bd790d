// SPDX-License-Identifier: MIT
// Counts per service and server, read from the maps in a few batches.
import * as abi from '../abi/index.ts';
import { addressFromAbi } from './abi-values.ts';
import { addCounters, NO_COUNTERS } from './counter-values.ts';
import type { Counters, ReasonCounts, ServerStatistics, ServiceStatistics } from './data-plane.ts';
import type { RouterMaps } from './pins.ts';
import { type RunningService, readRunningServices, serviceOf } from './running-services.ts';

const COUNTER_BATCH = 2048;

/** What each slot in use holds and has counted. */
interface Picture {
  readonly servers: ReadonlyMap<number, abi.Server>;
  readonly loads: readonly abi.ServerLoad[];
  readonly counters: ReadonlyMap<number, abi.ServerCounters>;
  readonly persistence: ReadonlyMap<number, number>;
}

/** Records of the slots in use. */
export function readServers(maps: Pick<RouterMaps, 'servers'>): Map<number, abi.Server> {
  const servers = new Map<number, abi.Server>();
  for (const [slot, record] of maps.servers.entries()) {
    if (record.status !== abi.ServerStatus.FREE) servers.set(slot, record);
  }
  return servers;
}

/** Sums over the CPUs of the slots in use, a batch of slots to a syscall. */
function readCounters(maps: RouterMaps, servers: ReadonlyMap<number, abi.Server>): Map<number, abi.ServerCounters> {
  const counters = new Map<number, abi.ServerCounters>();
  const last = [...servers.keys()].at(-1) ?? 0;
  for (const [slot, sum] of maps.server_counters.sums(COUNTER_BATCH)) {
    if (slot > last) break;
    if (servers.has(slot)) counters.set(slot, sum);
  }
  return counters;
}

/** Persistence entries by server slot. */
function countPersistence(maps: Pick<RouterMaps, 'persistence'>): Map<number, number> {
  const counts = new Map<number, number>();
  const { size } = abi.persistenceCodec;
  for (const { values, count } of maps.persistence.rawBatches()) {
    for (let i = 0; i < count; i++) {
      const { server } = abi.persistenceCodec.decode(values, i * size);
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
  }
  return counts;
}

function takePicture(maps: RouterMaps): Picture {
  const servers = readServers(maps);
  return {
    servers,
    loads: [...maps.server_loads.values()],
    counters: readCounters(maps, servers),
    persistence: countPersistence(maps),
  };
}

function serverStatistics(member: abi.Member, picture: Picture): ServerStatistics {
  const record = picture.servers.get(member.server) as abi.Server;
  const load = picture.loads[member.server] as abi.ServerLoad;
  return {
    address: addressFromAbi(record.address, record.family),
    port: record.port,
    weight: member.weight,
    active: load.active,
    inactive: load.inactive,
    persistence: picture.persistence.get(member.server) ?? 0,
    counters: picture.counters.get(member.server) ?? NO_COUNTERS,
  };
}

/** A service's sum: its slots, removed servers' included, and what freed slots have counted for it. */
function sumByService(maps: RouterMaps, picture: Picture): Map<number, Counters> {
  const sums = new Map<number, abi.ServerCounters>(maps.retired_counters.entries());
  for (const [slot, record] of picture.servers) {
    const counters = picture.counters.get(slot) ?? NO_COUNTERS;
    sums.set(record.service, addCounters(sums.get(record.service) ?? NO_COUNTERS, counters));
  }
  return sums;
}

export function readStatistics(maps: RouterMaps): ServiceStatistics[] {
  const picture = takePicture(maps);
  const sums = sumByService(maps, picture);
  return readRunningServices(maps).map((running: RunningService) => {
    const { name, key, scheduler, persistence } = serviceOf(running, picture.servers);
    return {
      name,
      key,
      scheduler,
      ...(persistence && { persistence }),
      counters: sums.get(running.record.id) ?? NO_COUNTERS,
      servers: running.members.map((member) => serverStatistics(member, picture)).reverse(),
    };
  });
}

export function readTotals(maps: RouterMaps): Counters {
  const servers = readServers(maps);
  const sums = [...maps.retired_counters.values(), ...readCounters(maps, servers).values()];
  return sums.reduce(addCounters, NO_COUNTERS);
}

/** Counts by name; 0 of each enum is "none" and its last entry the number of entries. */
function countsOf(map: RouterMaps['drops'], names: Readonly<Record<number, string>>, first: number): ReasonCounts {
  const counts: Record<string, bigint> = {};
  for (const [reason, count] of map.sums()) {
    const name = names[reason];
    if (reason >= first && name !== undefined) counts[name] = count;
  }
  return counts;
}

export function readReasons(maps: RouterMaps): Record<'drops' | 'passes' | 'events', ReasonCounts> {
  return {
    drops: countsOf(maps.drops, abi.dropReasonNames, 1),
    passes: countsOf(maps.passes, abi.passReasonNames, 1),
    events: countsOf(maps.events, abi.eventNames, 0),
  };
}
