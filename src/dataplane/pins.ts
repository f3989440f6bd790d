// SPDX-License-Identifier: MIT
// Where a router's pins stand in its directory, and opening the pinned maps with their layouts checked.
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { PerCpuMap, TypedMap } from 'bpf-maps';
import { BpfError, BpfMap } from 'libbpf-ts';
import * as abi from '../abi/index.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { verifyLayout } from './layouts.ts';

/** A bpf file system takes no dot in a name, a device does. */
const pinOfDevice = (device: string): string => device.replaceAll('%', '%25').replaceAll('.', '%2e');

export function deviceOfPin(pin: string): string {
  return pin.replaceAll('%2e', '.').replaceAll('%25', '%');
}

const STEPS = 'steps-';

/** Paths below a pins directory. */
export const pinPaths = {
  maps: (pins: string): string => join(pins, 'maps'),
  map: (pins: string, name: string): string => join(pins, 'maps', name),
  links: (pins: string): string => join(pins, 'links'),
  link: (pins: string, device: string): string => join(pins, 'links', pinOfDevice(device)),
  program: (pins: string): string => join(pins, 'program'),
  /** the programs that this one hands packets on to; the kernel forgets them with the last pin */
  steps: (pins: string, programId: number): string => join(pins, `${STEPS}${programId}`),
  daemon: (pins: string): string => join(pins, 'daemon'),
} as const;

export const PER_CPU_MAPS = ['server_counters', 'drops', 'passes', 'events', 'front_renewals'] as const;
export const OUTER_MAPS = ['mark_addresses', 'mark_ports', 'mark_candidates'] as const;
/** Maps without a layout that user space reads: only opened and pinned. */
export const OPAQUE_MAPS = ['timers'] as const;

type Keyed<N extends keyof typeof abi.maps> = (typeof abi.maps)[N] extends {
  key: { decode(view: DataView, offset: number): infer K };
  value: { decode(view: DataView, offset: number): infer V };
}
  ? [K, V]
  : never;
type PerCpuName = (typeof PER_CPU_MAPS)[number];
type OuterName = (typeof OUTER_MAPS)[number];
type PlainName = Exclude<keyof typeof abi.maps, PerCpuName | OuterName | (typeof OPAQUE_MAPS)[number] | `no_${string}`>;

/** The router's maps, typed. */
export type RouterMaps = { readonly [N in PlainName]: TypedMap<Keyed<N>[0], Keyed<N>[1]> } & {
  readonly [N in PerCpuName]: PerCpuMap<Keyed<N>[0], Keyed<N>[1]>;
} & { readonly outer: Readonly<Record<OuterName, BpfMap>>; close(): void };

export const PLAIN_MAPS = [
  'connections',
  'connection_slots',
  'front_sets',
  'front_hops',
  'front_revocations',
  'connections6',
  'connection_slots6',
  'translations',
  'translations6',
  'persistence',
  'persistence_slots',
  'fragments',
  'ring_cursors',
  'services',
  'listeners',
  'members',
  'hash_tables',
  'mh_tables',
  'localities',
  'servers',
  'server_loads',
  'retired_counters',
  'scheduler_states',
  'interfaces',
  'vlans',
  'vlan_devices',
  'snat_addresses',
  'snat_numbers',
  'settings',
  'epochs',
  'daemons',
  'documents',
] as const satisfies readonly PlainName[];

/** Every map that is pinned, by its name in maps.h. */
export const PINNED_MAPS: readonly string[] = [...PLAIN_MAPS, ...PER_CPU_MAPS, ...OUTER_MAPS, ...OPAQUE_MAPS];

/** Whether a router's pins stand there, complete. */
export function hasPins(pins: string): boolean {
  return existsSync(pinPaths.map(pins, 'settings'));
}

/** The pins of steps, of whatever program. */
export function stepsPins(pins: string): string[] {
  if (!existsSync(pins)) return [];
  return readdirSync(pins)
    .filter((name) => name.startsWith(STEPS))
    .map((name) => join(pins, name));
}

/** Whether anything of a router stands there, be it what one left that was killed while it started. */
export function hasAnyPins(pins: string): boolean {
  if (stepsPins(pins).length > 0) return true;
  return ['maps', 'maps-new', 'links', 'program', 'program-new'].some((name) => existsSync(join(pins, name)));
}

/** A directory that others use, or the root of a mount, stays. */
export function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // something of somebody else's stands there
  }
}

function openPinned(pins: string, name: string): BpfMap {
  try {
    return BpfMap.openPin(pinPaths.map(pins, name));
  } catch (cause) {
    if (!(cause instanceof BpfError)) throw cause;
    if (cause.code === 'EPERM' || cause.code === 'EACCES') {
      throw new XlvsError('refused', `may not open ${pinPaths.map(pins, name)}`, 'run as root', cause);
    }
    throw new XlvsError('missing', `no xlvs router under ${pins}`, 'start one with `xlvs up` or `xlvs run`', cause);
  }
}

/** Opens every map of a router. Throws XlvsError when there is none, or when its layouts are another version's. */
export function openMaps(pins: string): RouterMaps {
  const opened: BpfMap[] = [];
  const open = (name: string): BpfMap => {
    const map = openPinned(pins, name);
    opened.push(map);
    return map;
  };
  const close = (): void => {
    for (const map of opened) map.close();
  };
  try {
    return { ...typedMaps(open), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The documents alone, whatever version the other maps are of. Throws as `openMaps` does. */
export function openDocuments(pins: string): RouterMaps['documents'] {
  const map = openPinned(pins, 'documents');
  try {
    verifyLayout('documents', map);
  } catch (error) {
    map.close();
    throw error;
  }
  return new TypedMap(map, abi.maps.documents.key, abi.maps.documents.value) as RouterMaps['documents'];
}

function typedMaps(open: (name: string) => BpfMap): Omit<RouterMaps, 'close'> {
  const typed: Record<string, unknown> = {};
  for (const name of PLAIN_MAPS) {
    const map = open(name);
    verifyLayout(name, map);
    typed[name] = new TypedMap<unknown, unknown>(map, abi.maps[name].key as never, abi.maps[name].value as never);
  }
  for (const name of PER_CPU_MAPS) {
    typed[name] = new PerCpuMap<unknown, unknown>(
      open(name),
      abi.maps[name].key as never,
      abi.maps[name].value as never,
    );
  }
  typed.outer = Object.fromEntries(OUTER_MAPS.map((name) => [name, open(name)]));
  return typed as Omit<RouterMaps, 'close'>;
}
