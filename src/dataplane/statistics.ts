// SPDX-License-Identifier: MIT
// Counts per service and server, read from the maps in a few batches.
import * as abi from '../abi/index.ts';
import { addressFromAbi } from './abi-values.ts';
import { addCounters, NO_COUNTERS } from './counter-values.ts';
import type { CounterSample, Counters, ReasonCounts, ServerStatistics, Statistics } from './data-plane.ts';
import type { RouterMaps } from './pins.ts';
import { type RunningService, readRunningServices, serviceHead, thresholdsOf } from './running-services.ts';
import { fieldOffset, readLoads, readServers } from './server-records.ts';
import { serviceKeyFromAbi } from './service-keys.ts';

const COUNTER_BATCH = 2048;
const SERVICE_AT = fieldOffset(abi.persistenceKeyCodec.layout, 'service');
const collator = new Intl.Collator('en');

/** What each slot in use holds and has counted. */
interface Picture {
  readonly servers: ReadonlyMap<number, abi.Server>;
  readonly loads: ReadonlyMap<number, abi.ServerLoad>;
  readonly counters: ReadonlyMap<number, abi.ServerCounters>;
  readonly persistence: ReadonlyMap<number, number>;
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

/** Persistence entries by server slot; one whose slot is another service's by now is nobody's. */
function countPersistence(
  maps: Pick<RouterMaps, 'persistence'>,
  servers: ReadonlyMap<number, abi.Server>,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { keys, values, count } of maps.persistence.rawBatches()) {
    for (let i = 0; i < count; i++) {
      const service = keys.getUint32(i * abi.persistenceKeyCodec.size + SERVICE_AT, true);
      const { server } = abi.persistenceCodec.decode(values, i * abi.persistenceCodec.size);
      if (servers.get(server)?.service === service) counts.set(server, (counts.get(server) ?? 0) + 1);
    }
  }
  return counts;
}

function takePicture(maps: RouterMaps): Picture {
  const servers = readServers(maps);
  return {
    servers,
    loads: readLoads(maps, servers.keys()),
    counters: readCounters(maps, servers),
    persistence: countPersistence(maps, servers),
  };
}

function serverStatistics(member: abi.Member, picture: Picture): ServerStatistics {
  const record = picture.servers.get(member.server) as abi.Server;
  const load = picture.loads.get(member.server) as abi.ServerLoad;
  return {
    address: addressFromAbi(record.address, record.family),
    port: record.port,
    weight: member.weight,
    ...thresholdsOf(record),
    isOverloaded: isOverloaded(record, load),
    active: load.active,
    inactive: load.inactive,
    persistence: picture.persistence.get(member.server) ?? 0,
    counters: picture.counters.get(member.server) ?? NO_COUNTERS,
  };
}

/** threshold_is_reached of bpf/threshold.h. */
function isOverloaded({ upperThreshold, overloadRound }: abi.Server, load: abi.ServerLoad): boolean {
  return upperThreshold > 0 && load.overloaded === overloadRound && load.active + load.inactive > 0;
}

/** A service's sum: its slots, removed servers' included, and what freed slots have counted for it. */
function sumByService(maps: RouterMaps, picture: Pick<Picture, 'servers' | 'counters'>): Map<number, Counters> {
  const sums = new Map<number, abi.ServerCounters>(maps.retired_counters.entries());
  for (const [slot, record] of picture.servers) {
    const counters = picture.counters.get(slot) ?? NO_COUNTERS;
    sums.set(record.service, addCounters(sums.get(record.service) ?? NO_COUNTERS, counters));
  }
  return sums;
}

export function readStatistics(maps: RouterMaps): Statistics {
  const picture = takePicture(maps);
  const sums = sumByService(maps, picture);
  const services = readRunningServices(maps).map((running: RunningService) => {
    return {
      ...serviceHead(running),
      counters: sums.get(running.record.id) ?? NO_COUNTERS,
      servers: running.members.map((member) => serverStatistics(member, picture)).reverse(),
    };
  });
  services.sort((a, b) => collator.compare(a.name, b.name));
  return { services, totals: [...sums.values()].reduce(addCounters, NO_COUNTERS) };
}

/** Live servers' counters by service id. */
function samplesByService({ servers, counters }: Pick<Picture, 'servers' | 'counters'>) {
  const samples = new Map<number, CounterSample['servers'][number][]>();
  for (const [slot, { status, service, address, family, port }] of servers) {
    if (status !== abi.ServerStatus.LIVE) continue;
    const own = samples.get(service) ?? [];
    own.push({ address: addressFromAbi(address, family), port, counters: counters.get(slot) ?? NO_COUNTERS });
    samples.set(service, own);
  }
  return samples;
}

export function readCounterSamples(maps: RouterMaps): CounterSample[] {
  const servers = readServers(maps);
  const picture = { servers, counters: readCounters(maps, servers) };
  const sums = sumByService(maps, picture);
  const samples = samplesByService(picture);
  return [...maps.services.entries()].map(([key, { id }]) => ({
    key: serviceKeyFromAbi(key),
    counters: sums.get(id) ?? NO_COUNTERS,
    servers: samples.get(id) ?? [],
  }));
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
