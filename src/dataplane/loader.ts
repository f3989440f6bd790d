// SPDX-License-Identifier: MIT
// Gets the programs into the kernel: fresh maps built aside and shown by one rename, or a new program over the pinned
// maps of a running router. Everything is loaded before a link is touched.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BpfError, BpfMap, Program } from 'libbpf-ts';
import * as abi from '../abi/index.ts';
import type { Tables } from '../model/model.ts';
import { IPV6_CONNECTIONS } from '../model/uses-ipv6.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { ticksSince } from './abi-values.ts';
import { readDocument, writeDocument } from './documents.ts';
import { DataPlaneObjects, digestOf, type ObjectFiles, readObjects } from './objects.ts';
import { hasPins, openMaps, PINNED_MAPS, pinPaths, type RouterMaps, removeIfEmpty, stepsPins } from './pins.ts';
import { otherRunningTables, runningTables } from './running-tables.ts';
import { initialSettings, type LoadTables, mapSizes, readSettings } from './settings-map.ts';

export interface Loaded {
  readonly how: 'fresh' | 'reused' | 'upgraded';
  /** the caller closes it */
  readonly program: Program;
  /** marks the program as the one in force; call after the links have it */
  commit(): void;
}

interface ObjectDocument {
  readonly digest: string;
}

/** Which feature a refused load wants, if the kernel's words tell. */
function loadError(cause: unknown): unknown {
  if (!(cause instanceof BpfError)) return cause;
  if (cause.code === 'EPERM') return new XlvsError('refused', 'may not load BPF programs', 'run as root', cause);
  const message = `the kernel refused the data plane: ${cause.message}`;
  return new XlvsError('unsupported', message, 'xlvs needs kernel 6.1 or newer; --verbose prints the log', cause);
}

/** The program by a handle of its own and its steps by pins, so that the objects can be closed. */
function keepProgram(objects: DataPlaneObjects, pins: string): Program {
  const directory = pinPaths.steps(pins, objects.programId);
  // of a program that had this number before
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  for (const [name, map] of objects.steps) map.pin(join(directory, name));
  return Program.openId(objects.programId);
}

/** The steps of programs that no link has any more. */
function removeOtherSteps(pins: string, program: number | undefined): void {
  const own = program === undefined ? undefined : pinPaths.steps(pins, program);
  for (const path of stepsPins(pins)) if (path !== own) rmSync(path, { recursive: true, force: true });
}

/** Puts on record which object's program is in force, and lets go of the one before. */
function commitObject(pins: string, files: ObjectFiles, program: Program): Loaded['commit'] {
  const { id } = program.info();
  return () => {
    noteObject(pins, files);
    removeOtherSteps(pins, id);
  };
}

function loadFresh(pins: string, files: ObjectFiles, tables: LoadTables): Loaded {
  const aside = join(pins, 'maps-new');
  const objects = new DataPlaneObjects(files, mapSizes(tables));
  try {
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true });
    objects.load();
    objects.writeSettings(initialSettings(tables));
    for (const name of PINNED_MAPS) objects.map(name).pin(join(aside, name));
    objects.startTimers();
    renameSync(aside, pinPaths.maps(pins));
    const program = keepProgram(objects, pins);
    return { how: 'fresh', program, commit: commitObject(pins, files, program) };
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    removeOtherSteps(pins, undefined);
    removeIfEmpty(pins);
    throw loadError(error);
  } finally {
    objects.close();
  }
}

function loadUpgrade(pins: string, files: ObjectFiles, sizes: Readonly<Record<string, number>>): Loaded {
  const objects = new DataPlaneObjects(files, sizes);
  const pinned = new Map<string, BpfMap>();
  try {
    for (const name of PINNED_MAPS) pinned.set(name, BpfMap.openPin(pinPaths.map(pins, name)));
    objects.load(pinned);
    objects.startTimers();
    const program = keepProgram(objects, pins);
    return { how: 'upgraded', program, commit: commitObject(pins, files, program) };
  } catch (error) {
    throw loadError(error);
  } finally {
    objects.close();
    for (const map of pinned.values()) map.close();
  }
}

function noteObject(pins: string, files: ObjectFiles): void {
  const maps = openMaps(pins);
  try {
    writeDocument(maps.documents, 'object', JSON.stringify({ digest: digestOf(files) } satisfies ObjectDocument));
  } finally {
    maps.close();
  }
}

function refuseOtherSizes(maps: RouterMaps, tables: Tables): void {
  const [first] = otherRunningTables(maps, tables);
  if (!first) return;
  throw new XlvsError(
    'conflict',
    `tables.${first.name} is ${first.wanted} in the file, but ${first.running} in the running data plane`,
    'a table keeps its size while it runs: `xlvs down` first, or leave the number as it is',
  );
}

function refuseOtherVersion(maps: RouterMaps): void {
  const { abiVersion } = readSettings(maps);
  if (abiVersion === abi.ABI_VERSION) return;
  throw new XlvsError(
    'conflict',
    `the pinned maps are of version ${abiVersion}, this program's of ${abi.ABI_VERSION}`,
    'run `xlvs down` with that version, then start this one',
  );
}

/** The expiry timer shows itself at least four times a second; stamps of busy connections depend on it. */
const TIMER_PATIENCE_TICKS = 30;

function hasLiveTimers(maps: RouterMaps): boolean {
  return [...maps.epochs.values()].every(({ now }) => ticksSince(now) < TIMER_PATIENCE_TICKS);
}

interface Running {
  /** of the objects whose programs are in force, timers included */
  readonly digest: string | undefined;
  readonly tables: LoadTables;
}

function inspectRunning(pins: string, tables: Tables): Running {
  const maps = openMaps(pins);
  try {
    refuseOtherVersion(maps);
    refuseOtherSizes(maps, tables);
    const running = { tables: runningTables(maps) };
    if (!hasLiveTimers(maps)) return { ...running, digest: undefined };
    const text = readDocument(maps.documents, 'object');
    return { ...running, digest: text === undefined ? undefined : (JSON.parse(text) as ObjectDocument).digest };
  } finally {
    maps.close();
  }
}

/**
 * `tables.ipv6Connections` is what the table begins with where the file names no number; a running table keeps its own.
 * Throws XlvsError; nothing that forwards has been touched then. The caller holds the router's lock.
 */
export function loadRouter(
  pins: string,
  objectFile: string,
  tables: Tables,
  ipv6Connections = IPV6_CONNECTIONS,
): Loaded {
  const files = readObjects(objectFile);
  if (!hasPins(pins)) return loadFresh(pins, files, { copies: tables.connections, ipv6Connections, ...tables });
  const running = inspectRunning(pins, tables);
  const program = running.digest === digestOf(files) ? openWhole(pins) : undefined;
  if (program) return { how: 'reused', program, commit: () => removeOtherSteps(pins, program.info().id) };
  return loadUpgrade(pins, files, mapSizes(running.tables));
}

/** The pinned program, if its steps are pinned too. */
function openWhole(pins: string): Program | undefined {
  if (!existsSync(pinPaths.program(pins))) return undefined;
  const program = Program.openPin(pinPaths.program(pins));
  if (existsSync(pinPaths.steps(pins, program.info().id))) return program;
  program.close();
  return undefined;
}

/** Removes the maps and the program; the timer ends with the last of them. */
export function removePins(pins: string): void {
  for (const path of [pinPaths.program(pins), `${pinPaths.program(pins)}-new`]) rmSync(path, { force: true });
  for (const path of [pinPaths.maps(pins), join(pins, 'maps-new'), pinPaths.links(pins), pinPaths.daemon(pins)]) {
    rmSync(path, { recursive: true, force: true });
  }
  removeOtherSteps(pins, undefined);
  removeIfEmpty(pins);
}
