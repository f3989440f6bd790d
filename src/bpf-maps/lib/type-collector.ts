// SPDX-License-Identifier: MIT
// Gathers the structs and enums inside layouts, once each, those used by others first, under their TypeScript names.
import { typeName } from './field-name.ts';
import type { Reach } from './generate-reach.ts';
import type { EnumLayout, Layout, StructLayout } from './layout.ts';
import type { MapLayouts } from './map-layouts.ts';
import { UnrepresentableError } from './unrepresentable-error.ts';

/** A struct's TypeScript name; nameless ones are called after where they are. */
export function structTypeName(layout: StructLayout, context: string): string {
  return typeName(layout.name || context);
}

/** Whether an enum is an object of its own; anonymous ones and `enum limits` only give names to numbers. */
export function isNamedEnum(name: string): boolean {
  return name !== '' && name !== 'limits';
}

export class TypeCollector {
  readonly #structs = new Map<string, StructLayout>();
  readonly #enums = new Map<string, EnumLayout>();
  readonly #limits: EnumLayout[] = [];

  addMap(name: string, { key, value, inner }: MapLayouts): void {
    this.add(key, `${name}_key`);
    this.add(value, `${name}_value`);
    if (inner !== undefined) this.addMap(`${name}_inner`, inner);
  }

  add(layout: Layout, context: string): void {
    if (layout.kind === 'array') this.add(layout.element, context);
    if (layout.kind === 'enum') this.#addEnum(layout);
    if (layout.kind === 'struct') this.#addStruct(layout, structTypeName(layout, context));
  }

  #addStruct(layout: StructLayout, name: string): void {
    const known = this.#structs.get(name);
    if (known !== undefined) {
      refuseSameName(known.name, layout.name, name);
      return;
    }
    for (const field of layout.fields) this.add(field.layout, `${layout.name || name}_${field.name}`);
    this.#structs.set(name, layout);
  }

  #addEnum(layout: EnumLayout): void {
    const isKnown = (one: EnumLayout): boolean => Object.keys(one.values)[0] === Object.keys(layout.values)[0];
    if (!isNamedEnum(layout.name)) {
      if (!this.#limits.some(isKnown)) this.#limits.push(layout);
      return;
    }
    const name = typeName(layout.name);
    const known = this.#enums.get(name);
    if (known !== undefined) {
      refuseSameName(known.name, layout.name, name);
      return;
    }
    this.#enums.set(name, layout);
  }

  collected(): Pick<Reach, 'structs' | 'enums' | 'limits'> {
    const enums = new Map([...this.#enums].sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const [name, { name: source }] of enums)
      if (this.#structs.has(name)) throw new UnrepresentableError(`enum ${source}`, `a struct is called ${name} too`);
    return { structs: this.#structs, enums, limits: this.#limits };
  }
}

function refuseSameName(known: string, other: string, name: string): void {
  if (known !== other) throw new UnrepresentableError(other || name, `called ${name} in TypeScript, as is ${known}`);
}
