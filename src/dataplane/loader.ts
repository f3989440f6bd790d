// SPDX-License-Identifier: MIT
// Gets the programs into the kernel: fresh maps built aside and shown by one rename, or a new program over the pinned
// maps of a running router. Everything is loaded before a link is touched.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BpfError, BpfMap, BpfObject, Program } from 'libbpf-ts';
import * as abi from '../abi/index.ts';
import type { Tables } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { ticksSince } from './abi-values.ts';
import { readDocument, writeDocument } from './documents.ts';
import { hasPins, openMaps, PINNED_MAPS, pinPaths, type RouterMaps, removeIfEmpty, stepsPins } from './pins.ts';
import { initialSettings, mapSizes, readSettings } from './settings-map.ts';

export interface Loaded {
  readonly how: 'fresh' | 'reused' | 'upgraded';
  /** the caller closes it */
  readonly program: Program;
  /** marks the program as the one in force; call after the links have it */
  commit(): void;
}

const MAIN_PROGRAM = 'xlvs';
const TIMER_PROGRAM = 'start_timer';
const XDP_PASS = 2;

interface ObjectDocument {
  readonly digest: string;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Which feature a refused load wants, if the kernel's words tell. */
function loadError(cause: unknown): unknown {
  if (!(cause instanceof BpfError)) return cause;
  if (cause.code === 'EPERM') return new XlvsError('refused', 'may not load BPF programs', 'run as root', cause);
  const message = `the kernel refused the data plane: ${cause.message}`;
  return new XlvsError('unsupported', message, 'xlvs needs kernel 6.1 or newer; --verbose prints the log', cause);
}

/** Starts the expiry timer with this object's code; on an upgrade it replaces the old code. */
function startTimer(object: BpfObject): void {
  const { returnValue } = object.program(TIMER_PROGRAM).testRun({ data: new Uint8Array(64) });
  if (returnValue !== XDP_PASS) throw new XlvsError('unsupported', 'the kernel did not start the expiry timer');
}

function openSized(bytes: Uint8Array, tables: Tables): BpfObject {
  const object = BpfObject.open(bytes, { name: 'xlvs' });
  for (const [map, entries] of Object.entries(mapSizes(tables))) object.setMaxEntries(map, entries);
  return object;
}

/** The program by a handle of its own and its steps by a pin, so that the object can be closed. */
function keepProgram(object: BpfObject, pins: string): Program {
  const { id } = object.program(MAIN_PROGRAM).info();
  const path = pinPaths.steps(pins, id);
  // of a program that had this number before the machine counted on
  rmSync(path, { force: true });
  object.map('steps').pin(path);
  return Program.openId(id);
}

/** The steps of programs that no link has any more. */
function removeOtherSteps(pins: string, program: number | undefined): void {
  const own = program === undefined ? undefined : pinPaths.steps(pins, program);
  for (const path of stepsPins(pins)) if (path !== own) rmSync(path, { force: true });
}

/** Puts on record which object's program is in force, and lets go of the one before. */
function commitObject(pins: string, bytes: Uint8Array, program: Program): Loaded['commit'] {
  const { id } = program.info();
  return () => {
    noteObject(pins, bytes);
    removeOtherSteps(pins, id);
  };
}

function loadFresh(pins: string, bytes: Uint8Array, tables: Tables): Loaded {
  const aside = join(pins, 'maps-new');
  const object = openSized(bytes, tables);
  try {
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true });
    object.load();
    writeInitial(object, tables);
    for (const name of PINNED_MAPS) object.map(name).pin(join(aside, name));
    startTimer(object);
    renameSync(aside, pinPaths.maps(pins));
    const program = keepProgram(object, pins);
    return { how: 'fresh', program, commit: commitObject(pins, bytes, program) };
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    removeOtherSteps(pins, undefined);
    removeIfEmpty(pins);
    throw loadError(error);
  } finally {
    object.close();
  }
}

function writeInitial(object: BpfObject, tables: Tables): void {
  const settings = new Uint8Array(abi.settingsCodec.size);
  abi.settingsCodec.encode(initialSettings(tables), new DataView(settings.buffer), 0);
  object.map('settings').set(new Uint8Array(4), settings);
}

function loadUpgrade(pins: string, bytes: Uint8Array, tables: Tables): Loaded {
  const object = openSized(bytes, tables);
  const pinned: BpfMap[] = [];
  try {
    for (const name of PINNED_MAPS) {
      const map = BpfMap.openPin(pinPaths.map(pins, name));
      pinned.push(map);
      object.reuseMap(name, map);
    }
    object.load();
    startTimer(object);
    const program = keepProgram(object, pins);
    return { how: 'upgraded', program, commit: commitObject(pins, bytes, program) };
  } catch (error) {
    throw loadError(error);
  } finally {
    object.close();
    for (const map of pinned) map.close();
  }
}

function noteObject(pins: string, bytes: Uint8Array): void {
  const maps = openMaps(pins);
  try {
    writeDocument(maps.documents, 'object', JSON.stringify({ digest: digestOf(bytes) } satisfies ObjectDocument));
  } finally {
    maps.close();
  }
}

/** A table's size is fixed while its entries live. */
function refuseOtherSizes(maps: RouterMaps, tables: Tables): void {
  const running = { connections: maps.connections.capacity / 2, persistence: maps.persistence.capacity };
  for (const table of ['connections', 'persistence'] as const) {
    if (running[table] === tables[table]) continue;
    throw new XlvsError(
      'conflict',
      `tables.${table} is ${tables[table]} in the file, but ${running[table]} in the running data plane`,
      'a table keeps its size while it runs: `xlvs down` first, or leave the number as it is',
    );
  }
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

function hasLiveTimer(maps: RouterMaps): boolean {
  return ticksSince(maps.epochs.get(0)?.now ?? 0) < TIMER_PATIENCE_TICKS;
}

/** Checks the running maps; returns the digest of the object whose programs are in force, timer included. */
function inspectRunning(pins: string, tables: Tables): string | undefined {
  const maps = openMaps(pins);
  try {
    refuseOtherVersion(maps);
    refuseOtherSizes(maps, tables);
    if (!hasLiveTimer(maps)) return undefined;
    const text = readDocument(maps.documents, 'object');
    return text === undefined ? undefined : (JSON.parse(text) as ObjectDocument).digest;
  } finally {
    maps.close();
  }
}

/** Throws XlvsError; nothing that forwards has been touched then. The caller holds the router's lock. */
export function loadRouter(pins: string, objectFile: string, tables: Tables): Loaded {
  const bytes = readFileSync(objectFile);
  if (!hasPins(pins)) return loadFresh(pins, bytes, tables);
  const running = inspectRunning(pins, tables);
  const program = running === digestOf(bytes) ? openWhole(pins) : undefined;
  if (program) return { how: 'reused', program, commit: () => removeOtherSteps(pins, program.info().id) };
  return loadUpgrade(pins, bytes, tables);
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
