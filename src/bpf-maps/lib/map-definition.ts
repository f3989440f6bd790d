// SPDX-License-Identifier: MIT
// Map definitions in the `.maps` section: structs whose members are pointers, `__uint` as a pointer to an array of that
// length, `__type` as a pointer to the type, `__array(values, ...)` as an array of pointers to the inner definition.
import { unalias } from './alias.ts';
import { type Btf, type BtfOf, type MapTypes, typeAt } from './btf.ts';

/** Names of the maps in the order of their definition. */
export function mapNames(btf: Btf): string[] {
  return mapVariables(btf).map((variable) => variable.name);
}

/** The definition by full name. `outer.inner`, libbpf's name for it, is the definition of what `outer` holds. */
export function mapDefinition(btf: Btf, name: string): MapTypes | undefined {
  const outer = name.endsWith('.inner') ? name.slice(0, -'.inner'.length) : undefined;
  const variable = mapVariables(btf).find((one) => one.name === (outer ?? name));
  if (variable === undefined) return undefined;
  const definition = readDefinition(btf, variable.type);
  return outer === undefined ? definition : definition?.inner;
}

function mapVariables(btf: Btf): BtfOf<'var'>[] {
  const section = btf.types[btf.find('datasec', '.maps') ?? 0];
  if (section?.kind !== 'datasec') return [];
  return section.variables.map(({ type }) => typeAt(btf, type)).filter((type) => type.kind === 'var') as BtfOf<'var'>[];
}

function readDefinition(btf: Btf, typeId: number): MapTypes | undefined {
  const struct = resolve(btf, typeId);
  if (struct.kind !== 'struct') return undefined;
  const member = (name: string): number => struct.members.find((one) => one.name === name)?.type ?? 0;
  const values = resolve(btf, member('values'));
  const inner = values.kind === 'array' ? readDefinition(btf, pointee(btf, values.element)) : undefined;
  return {
    type: uint(btf, member('type')),
    maxEntries: uint(btf, member('max_entries')),
    key: pointee(btf, member('key')),
    value: pointee(btf, member('value')),
    ...(inner && { inner }),
  };
}

/** `__uint(name, n)` is `int (*name)[n]`. */
function uint(btf: Btf, typeId: number): number {
  const array = resolve(btf, pointee(btf, typeId));
  return array.kind === 'array' ? array.length : 0;
}

function pointee(btf: Btf, typeId: number): number {
  const pointer = resolve(btf, typeId);
  return pointer.kind === 'ptr' ? pointer.type : 0;
}

function resolve(btf: Btf, typeId: number) {
  return unalias(btf, typeId).type;
}
