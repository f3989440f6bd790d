// SPDX-License-Identifier: MIT
// maps.ts: the registry of maps by name, each with the codecs of its key and value.
import { fieldName } from './field-name.ts';
import { layoutReference, typeSource, variableName } from './generate-layout.ts';
import type { Reach } from './generate-reach.ts';
import type { Layout } from './layout.ts';
import type { MapLayouts } from './map-layouts.ts';
import { structTypeName } from './type-collector.ts';

export function mapsSource({ maps, structs, enums }: Reach): string {
  if (maps.size === 0) return '';
  const body = [...maps].map(([name, layouts]) => `  ${name}: ${entrySource(name, layouts)},\n`).join('');
  const types = [...structs.keys()];
  const variables = (['Codec', 'Layout'] as const).flatMap((suffix) => types.map((type) => variableName(type, suffix)));
  const enumLayouts = [...enums.values()].map(({ name }) => `${fieldName(name)}Layout`);
  const imports = [
    importLine(['codecOf'], 'bpf-maps', body),
    importLine(enumLayouts, './enums.ts', body),
    importLine([...variables, ...types.map((type) => `type ${type}`)], './structs.ts', body),
  ].join('');
  return `${imports}
/** Codecs of the maps by their names in the object. */
export const maps = {
${body}} as const;
`;
}

/** Imports those names that the body uses. */
function importLine(names: readonly string[], from: string, body: string): string {
  const used = names.filter((name) => new RegExp(`\\b${name.replace('type ', '')}\\b`).test(body));
  return used.length === 0 ? '' : `import { ${used.join(', ')} } from '${from}';\n`;
}

function entrySource(name: string, { key, value, inner }: MapLayouts): string {
  const parts = [`key: ${codecSource(key, `${name}_key`)}`, `value: ${codecSource(value, `${name}_value`)}`];
  if (inner !== undefined) parts.push(`inner: ${entrySource(`${name}_inner`, inner)}`);
  return `{ ${parts.join(', ')} }`;
}

function codecSource(layout: Layout, context: string): string {
  if (layout.kind === 'struct') return variableName(structTypeName(layout, context), 'Codec');
  return `codecOf<${typeSource(layout, context)}>(${layoutReference(layout, context)})`;
}
