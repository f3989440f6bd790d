// SPDX-License-Identifier: MIT
// Which types are written out: what maps and variables lead to, in an order that does not depend on the compiler.
import { unalias } from './alias.ts';
import { type Btf, BtfError, typeAt } from './btf.ts';
import type { EnumLayout, StructLayout } from './layout.ts';
import { layoutOf } from './layout-of.ts';
import { type MapLayouts, mapLayouts, namesTypes } from './map-layouts.ts';
import { TypeCollector } from './type-collector.ts';

export interface ReachOptions {
  /** Structs to write besides those of maps; default: all that variables in `sections` lead to. */
  readonly structs?: readonly string[];
  /** Enums to write besides those of maps and structs; default: all that variables in `sections` lead to. */
  readonly enums?: readonly string[];
  /** Data sections whose variables count; default: all but `.maps`, `.ksyms` and `.kconfig`. */
  readonly sections?: readonly string[];
}

/** Everything to write. Structs are keyed by their TypeScript name, those used by others first. */
export interface Reach {
  readonly maps: ReadonlyMap<string, MapLayouts>;
  readonly structs: ReadonlyMap<string, StructLayout>;
  readonly enums: ReadonlyMap<string, EnumLayout>;
  /** Enums that only give names to numbers: anonymous ones and `enum limits`. */
  readonly limits: readonly EnumLayout[];
}

export function reach(btf: Btf, options: ReachOptions): Reach {
  const names = btf.mapNames().filter((name) => namesTypes(btf.mapTypes(name) ?? { ...NO_TYPES }));
  const maps = new Map(names.sort().map((name) => [name, mapLayouts(btf, name)]));
  const collector = new TypeCollector();
  for (const [name, layouts] of maps) collector.addMap(name, layouts);
  for (const id of rootTypes(btf, options)) collector.add(layoutOf(btf, id), '');
  return { maps, ...collector.collected() };
}

const NO_TYPES = { key: 0, value: 0, type: 0, maxEntries: 0 };

/** Ids of the structs and enums asked for, sorted by name. */
function rootTypes(btf: Btf, options: ReachOptions): number[] {
  const variables = options.structs && options.enums ? [] : variableTypes(btf, options.sections);
  const isStruct = (id: number): boolean => unalias(btf, id).type.kind === 'struct';
  const structs = options.structs?.map((name) => named(btf, 'struct', name)) ?? variables.filter(isStruct);
  const enums = options.enums?.map((name) => named(btf, 'enum', name)) ?? variables.filter((id) => !isStruct(id));
  const nameAt = (id: number): string => typeAt(btf, id).name;
  return [...new Set([...structs, ...enums])].sort((a, b) => (nameAt(a) < nameAt(b) ? -1 : 1));
}

function named(btf: Btf, kind: 'struct' | 'enum', name: string): number {
  const id = btf.find(kind, name) ?? (kind === 'enum' ? btf.find('enum64', name) : undefined);
  if (id === undefined) throw new BtfError(`${kind} ${name}: not in this BTF; does a map or a variable use it?`);
  return id;
}

function variableTypes(btf: Btf, sections?: readonly string[]): number[] {
  const found = new Set<number>();
  for (const section of btf.types) {
    if (section.kind !== 'datasec' || section.name === '.maps') continue;
    if (sections ? !sections.includes(section.name) : ['.ksyms', '.kconfig'].includes(section.name)) continue;
    for (const { type } of section.variables) addPointedAt(btf, type, found);
  }
  return [...found];
}

/** A variable is often only a pointer, or a nameless struct of pointers, to bring a type into the BTF. */
function addPointedAt(btf: Btf, typeId: number, found: Set<number>): void {
  const { id, type, name } = unalias(btf, typeId);
  if (type.kind === 'var' || type.kind === 'ptr') addPointedAt(btf, type.type, found);
  if (type.kind === 'array') addPointedAt(btf, type.element, found);
  if (type.kind === 'enum' || type.kind === 'enum64') found.add(id);
  if (type.kind === 'fwd') found.add(definitionOf(btf, type.name));
  if (type.kind !== 'struct') return;
  if (type.name !== '') found.add(id);
  else if (name !== '') found.add(typeId);
  else for (const member of type.members) addPointedAt(btf, member.type, found);
}

/** Behind a pointer that is a member, the compiler leaves a struct's name only. */
function definitionOf(btf: Btf, name: string): number {
  const id = btf.find('struct', name);
  if (id === undefined) throw new BtfError(`struct ${name}: the BTF has only its name; point at it with a variable`);
  return id;
}
