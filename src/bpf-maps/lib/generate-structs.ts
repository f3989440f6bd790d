// SPDX-License-Identifier: MIT
// structs.ts: for every struct an interface, its layout and a codec of straight-line DataView calls.

import { visibleFields } from './codec.ts';
import { fieldName } from './field-name.ts';
import { type FieldContext, readSource, writeSource } from './generate-access.ts';
import { layoutSource, typeSource, variableName } from './generate-layout.ts';
import type { Reach } from './generate-reach.ts';
import { type FieldLayout, type Layout, nameOf, type StructLayout } from './layout.ts';
import { isNamedEnum, structTypeName } from './type-collector.ts';

const RUNTIME = /\b(?:check(?:[US]\d+|Bool|Array)|(?:read|write)(?:Bytes|Text))\b/g;

export function structsSource({ structs }: Reach): string {
  if (structs.size === 0) return '';
  const body = [...structs].map(([type, layout]) => structSource(type, layout)).join('\n');
  const functions = [...new Set(body.match(RUNTIME))].sort();
  const names = [...functions, 'type Codec', 'type StructLayout'].join(', ');
  const enums = [...new Set([...structs.values()].flatMap(enumLayouts))].sort();
  const imports = enums.length === 0 ? '' : `import { ${enums.join(', ')} } from './enums.ts';\n`;
  return `import { ${names} } from 'bpf-maps';\n${imports}\n${body}`;
}

function enumLayouts(layout: Layout): string[] {
  if (layout.kind === 'array') return enumLayouts(layout.element);
  if (layout.kind === 'enum' && isNamedEnum(layout.name)) return [`${fieldName(layout.name)}Layout`];
  return layout.kind === 'struct' ? layout.fields.flatMap((field) => enumLayouts(field.layout)) : [];
}

function structSource(type: string, layout: StructLayout): string {
  const context = layout.name || type;
  const path = layout.name === '' ? type : nameOf(layout);
  const fields = visibleFields(layout, path).map((field) => ({ ...field, context: `${context}_${field.name}` }));
  const title = layout.name === '' ? 'nameless struct' : nameOf(layout);
  return `/** ${title}, ${layout.size} bytes${comment(layout.help)} */
${fields.length === 0 ? `export type ${type} = Record<string, never>;` : interfaceSource(type, fields)}

export const ${variableName(type, 'Layout')}: StructLayout = ${layoutSource(layout, context)};

export const ${variableName(type, 'Codec')}: Codec<${type}> = {
  size: ${layout.size},
  layout: ${variableName(type, 'Layout')},
${fields.length === 0 ? '  decode: () => ({}),\n  encode() {},' : accessSource(fields)}
};
`;
}

type Field = FieldLayout & FieldContext & { readonly key: string };

function interfaceSource(type: string, fields: readonly Field[]): string {
  return `export interface ${type} {\n${fields.map(memberSource).join('')}}`;
}

function accessSource(fields: readonly Field[]): string {
  const reads = fields.map((field) => `    ${field.key}: ${readSource(field.layout, at(field.offset), field)},\n`);
  const writes = fields.map((field) => lines(writeSource(field.layout, at(field.offset), `value.${field.key}`, field)));
  return `  decode: (view, offset) => ({
${reads.join('')}  }),
  encode(value, view, offset) {
${writes.join('')}  },`;
}

function memberSource(field: Field): string {
  const { key, offset, layout, help, context } = field;
  const name = layout.kind === 'struct' && layout.name === '' ? structTypeName(layout, context) : nameOf(layout);
  return `  /** ${name}, offset ${offset}${comment(help)} */\n  readonly ${key}: ${typeSource(layout, context)};\n`;
}

function comment(help: string | undefined): string {
  return help === undefined ? '' : `: ${help.replaceAll('*/', '*\\/')}`;
}

function at(offset: number): string {
  return offset === 0 ? 'offset' : `offset + ${offset}`;
}

function lines(statements: readonly string[]): string {
  return statements.map((statement) => `    ${statement}\n`).join('');
}
