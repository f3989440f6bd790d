// SPDX-License-Identifier: MIT
// The slots of the servers map and what they hold: all that are in use, or some by number.
import { type Layout, nameOf } from 'bpf-maps';
import * as abi from '../abi/index.ts';
import type { RouterMaps } from './pins.ts';

/** Entries that are read one by one: the maps have room for so many more that a batch of all would cost more. */
const FEW = 2048;
/** Slots read at once: a router of few servers has read enough with the first of them. */
const BATCH = 1024;
/** Where a slot's status and its service stand in its record. */
const STATUS_AT = fieldOffset(abi.serverCodec.layout, 'status');
const SERVICE_AT = fieldOffset(abi.serverCodec.layout, 'service');

/** Where a struct's field begins. Throws when it has no such field. */
export function fieldOffset(layout: Layout, name: string): number {
  const field = layout.kind === 'struct' ? layout.fields.find((one) => one.name === name) : undefined;
  if (!field) throw new Error(`${nameOf(layout)} has no ${name}`);
  return field.offset;
}

/**
 * Records of the slots in use. The lowest free slot is taken first (slot-table.ts), and one given back keeps its service's id:
 * behind slots that never had one there are no others.
 */
export function readServers(maps: Pick<RouterMaps, 'servers'>): Map<number, abi.Server> {
  const servers = new Map<number, abi.Server>();
  for (const { keys, values, count } of maps.servers.rawBatches(BATCH)) {
    let isUntouched = true;
    for (let i = 0; i < count; i++) {
      const at = i * abi.serverCodec.size;
      if (values.getUint32(at + SERVICE_AT, true) !== 0) isUntouched = false;
      // most slots are free, and looking costs less than decoding
      if (values.getUint8(at + STATUS_AT) === abi.ServerStatus.FREE) continue;
      servers.set(abi.maps.servers.key.decode(keys, i * abi.maps.servers.key.size), abi.serverCodec.decode(values, at));
    }
    if (isUntouched) break;
  }
  return servers;
}

/** Loads of these slots: one by one where they are few among all that the map has room for. */
export function readLoads(
  maps: Pick<RouterMaps, 'server_loads'>,
  slots: Iterable<number>,
): ReadonlyMap<number, abi.ServerLoad> {
  const wanted = [...slots];
  const last = wanted.reduce((most, slot) => Math.max(most, slot), 0);
  const all = wanted.length > FEW ? [...maps.server_loads.slots(0, last + 1)] : undefined;
  return new Map(wanted.map((slot) => [slot, (all ? all[slot] : maps.server_loads.get(slot)) as abi.ServerLoad]));
}

/** Records of these slots. */
export function readServersAt(
  maps: Pick<RouterMaps, 'servers'>,
  slots: readonly number[],
): ReadonlyMap<number, abi.Server> {
  if (slots.length > FEW) return readServers(maps);
  return new Map(slots.map((slot) => [slot, maps.servers.get(slot) as abi.Server]));
}
