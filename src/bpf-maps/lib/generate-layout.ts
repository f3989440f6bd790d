// SPDX-License-Identifier: MIT
// A layout and its JavaScript type as source text. Named structs and enums are referred to, not repeated.
import { fieldName } from './field-name.ts';

import type { FieldLayout, Layout, StructLayout } from './layout.ts';
import { isNamedEnum, structTypeName } from './type-collector.ts';

/** `flow_key` in its variables: flowKeyLayout, flowKeyCodec. */
export function variableName(type: string, suffix: 'Layout' | 'Codec'): string {
  return type.charAt(0).toLowerCase() + type.slice(1) + suffix;
}

/** An expression for use inside another: a reference where there is something to refer to. */
export function layoutReference(layout: Layout, context: string): string {
  if (layout.kind === 'struct') return variableName(structTypeName(layout, context), 'Layout');
  if (layout.kind === 'enum' && isNamedEnum(layout.name)) return `${fieldName(layout.name)}Layout`;
  return layoutSource(layout, context);
}

/** The layout itself as an expression. */
export function layoutSource(layout: Layout, context: string): string {
  switch (layout.kind) {
    case 'struct':
      return structSource(layout, context);
    case 'array':
      return `{ kind: 'array', length: ${layout.length}, element: ${layoutReference(layout.element, context)} }`;
    case 'enum': {
      const values = Object.entries(layout.values).map(
        ([name, value]) => `${name}: ${value}${layout.size === 8 ? 'n' : ''}`,
      );
      return `${plain({ ...layout, values: undefined }).slice(0, -2)}, values: { ${values.join(', ')} } }`;
    }
    default:
      return plain({ ...layout });
  }
}

function structSource(layout: StructLayout, context: string): string {
  const fields = layout.fields.map(
    (field) => `    ${fieldSource(field, `${layout.name || context}_${field.name}`)},\n`,
  );
  const help = layout.help === undefined ? '' : ` help: ${quoted(layout.help)},`;
  const head = `kind: 'struct', name: ${quoted(layout.name)}, size: ${layout.size},${help}`;
  return `{\n  ${head}\n  fields: [\n${fields.join('')}  ],\n}`;
}

function fieldSource({ name, offset, layout, help }: FieldLayout, context: string): string {
  const text = help === undefined ? '' : `, help: ${quoted(help)}`;
  return `{ name: ${quoted(name)}, offset: ${offset}, layout: ${layoutReference(layout, context)}${text} }`;
}

function plain(object: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return `{ ${entries.map(([key, value]) => `${key}: ${typeof value === 'string' ? quoted(value) : value}`).join(', ')} }`;
}

/** A string literal in single quotes. */
export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** The JavaScript type of a value. */
export function typeSource(layout: Layout, context: string): string {
  switch (layout.kind) {
    case 'int':
    case 'enum':
      return layout.size === 8 ? 'bigint' : 'number';
    case 'bool':
      return 'boolean';
    case 'bytes':
      return 'Uint8Array';
    case 'text':
      return 'string';
    case 'array':
      return `readonly ${typeSource(layout.element, context).replace(/^readonly (.*)$/, '(readonly $1)')}[]`;
    case 'struct':
      return structTypeName(layout, context);
    case 'opaque':
      return 'never';
  }
}
