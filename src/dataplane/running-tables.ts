// SPDX-License-Identifier: MIT
// The sizes of the tables that run, and which of them a config wants otherwise: a table keeps its size while it runs.
import * as abi from '../abi/index.ts';
import type { Tables } from '../model/model.ts';
import type { OtherTable } from './data-plane.ts';
import { setsPerBlock } from './front-blocks.ts';
import type { RouterMaps } from './pins.ts';
import { type LoadTables, readSettings } from './settings-map.ts';

const NAMES: Readonly<Record<keyof Tables, string>> = {
  connections: 'connections',
  ipv6Connections: 'ipv6-connections',
  copies: 'copies',
  persistence: 'persistence',
  fragments: 'fragments',
};

export function runningTables(maps: RouterMaps): LoadTables {
  return {
    connections: maps.connections.capacity / 2,
    ipv6Connections: maps.connections6.capacity / 2,
    copies: readSettings(maps).frontSets === 0 ? 0 : maps.front_sets.capacity,
    persistence: maps.persistence.capacity,
    fragments: maps.fragments.capacity,
  };
}

/** A table without a number in `wanted` may have any size. */
export function otherTables(running: Tables, wanted: Tables): OtherTable[] {
  return (Object.keys(NAMES) as (keyof Tables)[]).flatMap((table) => {
    const [now, then] = [running[table], wanted[table]];
    if (then === undefined || now === undefined || now === then) return [];
    return [{ name: NAMES[table], running: now, wanted: then }];
  });
}

/** The same of what runs. Copies are shared out among the CPUs, so that there may be a few more of them than wanted. */
export function otherRunningTables(maps: RouterMaps, wanted: Tables): OtherTable[] {
  const running = runningTables(maps);
  const blocks = maps.front_hops.capacity / abi.LIMIT_FRONT_HOPS;
  const asRounded = ({ copies }: Tables): boolean =>
    copies !== undefined && setsPerBlock(copies, blocks) * blocks === running.copies;
  return otherTables(running, asRounded(wanted) ? { ...wanted, copies: running.copies } : wanted);
}
