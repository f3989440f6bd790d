// SPDX-License-Identifier: MIT
// Carries out one transaction: all that is new first, then the services that name it, then what nothing names any
// more. Packets meet each service as it was or as it will be.
import * as abi from '../abi/index.ts';
import { ticksNow, ticksSince } from './abi-values.ts';
import { addCounters, NO_COUNTERS } from './counter-values.ts';
import type { RouterChange } from './data-plane.ts';
import { readDocument, writeDocument } from './documents.ts';
import { planListeners } from './listeners.ts';
import { type PreparedMarks, prepareMarks } from './mark-maps.ts';
import type { RouterMaps } from './pins.ts';
import { Registry } from './registry.ts';
import { readRunningServices } from './running-services.ts';
import { fieldOffset } from './server-records.ts';
import { serviceKeyText } from './service-keys.ts';
import { type FinishedWrites, ServicePlan } from './service-plan.ts';
import { bumpGeneration, limitSettings, patchSettings, stateTicks, switchSettings } from './settings-map.ts';
import { isRemovable, SETTLE_TICKS, type Slot, SlotTable } from './slot-table.ts';

/** Where freed slots' counters go when their service is gone: totals never fall. */
export const RETIRED_SERVICE = 0;
const SERVICE_AT = fieldOffset(abi.persistenceKeyCodec.layout, 'service');

function retire(maps: RouterMaps, service: number, counters: abi.ServerCounters): void {
  const sum = maps.retired_counters.get(service) ?? NO_COUNTERS;
  maps.retired_counters.set(service, addCounters(sum, counters));
}

/** A slot changes hands: what it counted stays with the service that it served. */
function freeCounters(maps: RouterMaps, slot: Slot): void {
  retire(maps, slot.record.service, maps.server_counters.sum(slot.slot) ?? NO_COUNTERS);
  maps.server_counters.fill(slot.slot, NO_COUNTERS);
}

function planServices(maps: RouterMaps, change: RouterChange, registry: Registry, slots: SlotTable): FinishedWrites {
  const running = readRunningServices(maps);
  const plan = new ServicePlan(running, slots, registry, (id) => {
    return maps.scheduler_states.get(id) ?? { lastServer: 0, currentWeight: 0 };
  });
  for (const key of change.removeServices ?? []) plan.remove(key);
  for (const service of change.putServices ?? []) plan.put(service);
  // all of them fit into the map: each has an id of its own
  return plan.finish();
}

function write(maps: RouterMaps, writes: FinishedWrites): void {
  const listeners = planListeners(maps, writes.listeners);
  listeners.retract();
  for (const slot of writes.freed) freeCounters(maps, slot);
  maps.servers.setMany(writes.servers);
  maps.members.setMany(writes.members);
  maps.hash_tables.setMany(writes.hashTables);
  maps.mh_tables.setMany(writes.mhTables);
  maps.scheduler_states.setMany(writes.states);
  for (const key of writes.deletedServices) maps.services.delete(key);
  maps.services.setMany(writes.services);
  const removedAt = ticksNow();
  maps.servers.setMany(writes.removedServers.map(([slot, record]) => [slot, { ...record, removedAt }]));
  for (const id of writes.deletedTables) maps.hash_tables.delete(id);
  for (const id of writes.deletedMhTables) maps.mh_tables.delete(id);
  listeners.establish();
}

/** Ids under which persistence entries lead clients, or did a moment ago (persistence_is_over of bpf/persistence.h). */
function persistentServices(maps: Pick<RouterMaps, 'persistence'>): ReadonlySet<number> {
  const now = ticksNow();
  const ids = new Set<number>();
  for (const { keys, values, count } of maps.persistence.rawBatches())
    for (let i = 0; i < count; i++) {
      const id = keys.getUint32(i * abi.persistenceKeyCodec.size + SERVICE_AT, true);
      if (ids.has(id)) continue;
      const { active, lastUsed, timeout } = abi.persistenceCodec.decode(values, i * abi.persistenceCodec.size);
      if (active > 0 || ticksSince(lastUsed, now) <= timeout + SETTLE_TICKS) ids.add(id);
    }
  return ids;
}

/** Whether a packet, a connection or a persistence entry may name this id. */
function idsInUse(maps: RouterMaps, slots: readonly Slot[]): (id: number) => boolean {
  const live = [...maps.services.values()].map((record) => record.id);
  const busy = slots.filter((slot) => !isRemovable(slot)).map((slot) => slot.record.service);
  const ids = new Set([...live, ...busy]);
  let persistent: ReadonlySet<number> | undefined;
  return (id) => {
    if (ids.has(id)) return true;
    persistent ??= persistentServices(maps);
    return persistent.has(id);
  };
}

/** Ids of deleted services may serve again once nothing names them; their counters join the total. Those to come keep theirs. */
function pruneRegistry(maps: RouterMaps, registry: Registry, toCome: ReadonlySet<string>): void {
  const { slots } = SlotTable.read(maps);
  const isInUse = idsInUse(maps, slots);
  const forgotten = new Set(registry.prune((id, key) => toCome.has(key) || isInUse(id)));
  for (const slot of slots) {
    if (!forgotten.has(slot.record.service)) continue;
    freeCounters(maps, slot);
    maps.servers.set(slot.slot, { ...slot.record, status: abi.ServerStatus.FREE });
  }
  for (const id of forgotten) {
    const counters = maps.retired_counters.get(id);
    if (counters) retire(maps, RETIRED_SERVICE, counters);
    maps.retired_counters.delete(id);
  }
  writeDocument(maps.documents, 'registry', registry.toString());
}

function writeServices(maps: RouterMaps, change: RouterChange): () => void {
  if (!change.putServices?.length && !change.removeServices?.length) return () => {};
  const registry = Registry.parse(readDocument(maps.documents, 'registry'));
  const toCome = new Set(change.putServices?.map(({ key }) => serviceKeyText(key)));
  // what nothing refers to is free, whether or not this change comes about
  if (!registry.hasRoomFor(toCome)) pruneRegistry(maps, registry, toCome);
  const writes = planServices(maps, change, registry, SlotTable.read(maps));
  return () => {
    // the ids are on paper before a map names them
    writeDocument(maps.documents, 'registry', registry.toString());
    write(maps, writes);
    bumpGeneration(maps);
    if (change.removeServices?.length) pruneRegistry(maps, registry, toCome);
  };
}

function writeSettings(maps: RouterMaps, change: RouterChange): void {
  const { timeouts, switches, limits } = change;
  if (!timeouts && !switches && !limits) return;
  patchSettings(maps, {
    ...(timeouts && { timeouts: stateTicks(timeouts) }),
    ...(switches && switchSettings(switches)),
    ...(limits && limitSettings(limits)),
  });
}

/** The whole change, or an error and no change. The caller holds the router's lock. */
export function writeChange(maps: RouterMaps, change: RouterChange): void {
  const marks: PreparedMarks | undefined = change.marks && prepareMarks(maps, change.marks);
  try {
    const commitServices = writeServices(maps, change);
    marks?.commit(maps);
    if (change.marks) writeDocument(maps.documents, 'marks', JSON.stringify(change.marks));
    writeSettings(maps, change);
    commitServices();
  } finally {
    marks?.close();
  }
}
