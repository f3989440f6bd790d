// SPDX-License-Identifier: MIT
// The slots of the servers map and what they hold: all that are in use, or some by number.
import { type Layout, nameOf } from 'bpf-maps';
import * as abi from '../abi/index.ts';
import type { RouterMaps } from './pins.ts';

/** Entries that are read one by one: the maps have room for so many more that a batch of all would cost more. */
const FEW = 2048;
/** Slots read at once: a router of few servers has read enough with the first of them. */
const BATCH = 1024;
/** Where in their records these stand: most slots are free, and looking costs less than decoding. */
const STATUS_AT = fieldOffset(abi.serverCodec.layout, 'status');
const SERVICE_AT = fieldOffset(abi.serverCodec.layout, 'service');
const FAMILY_AT = fieldOffset(abi.serverCodec.layout, 'family');
const ACTIVE_AT = fieldOffset(abi.serverLoadCodec.layout, 'active');
const INACTIVE_AT = fieldOffset(abi.serverLoadCodec.layout, 'inactive');

/** Where a struct's field begins. Throws when it has no such field. */
export function fieldOffset(layout: Layout, name: string): number {
  const field = layout.kind === 'struct' ? layout.fields.find((one) => one.name === name) : undefined;
  if (!field) throw new Error(`${nameOf(layout)} has no ${name}`);
  return field.offset;
}

/**
 * The slots in use, each with where its record stands in `values`. The lowest free slot is taken first (slot-table.ts), and one
 * given back keeps its service's id: behind slots that never had one there are no others.
 */
function eachServer(
  maps: Pick<RouterMaps, 'servers'>,
  visit: (slot: number, values: DataView, at: number) => void,
): void {
  let slot = 0;
  for (const { values, count } of maps.servers.rawBatches(BATCH)) {
    let isUntouched = true;
    for (let i = 0; i < count; i++, slot++) {
      const at = i * abi.serverCodec.size;
      if (values.getUint32(at + SERVICE_AT, true) === 0) continue;
      isUntouched = false;
      if (values.getUint8(at + STATUS_AT) !== abi.ServerStatus.FREE) visit(slot, values, at);
    }
    if (isUntouched) return;
  }
}

/** Records of the slots in use, in the order of their numbers. */
export function readServers(maps: Pick<RouterMaps, 'servers'>): Map<number, abi.Server> {
  const servers = new Map<number, abi.Server>();
  eachServer(maps, (slot, values, at) => servers.set(slot, abi.serverCodec.decode(values, at)));
  return servers;
}

/** Connections of all servers by family: each counts at its server, as active or as inactive. */
export function countConnections(maps: Pick<RouterMaps, 'servers' | 'server_loads'>) {
  const families: number[] = [];
  eachServer(maps, (slot, values, at) => {
    families[slot] = values.getUint8(at + FAMILY_AT);
  });
  const sums = { ipv4: 0, ipv6: 0 };
  let slot = 0;
  for (const { values, count } of maps.server_loads.rawBatches(BATCH)) {
    for (let i = 0; i < count; i++, slot++) {
      const at = i * abi.serverLoadCodec.size;
      const sum = values.getUint32(at + ACTIVE_AT, true) + values.getUint32(at + INACTIVE_AT, true);
      sums[families[slot] === abi.Family.IPV6 ? 'ipv6' : 'ipv4'] += sum;
    }
    if (slot >= families.length) break;
  }
  return sums;
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
