// SPDX-License-Identifier: MIT
// enums.ts and limits.ts: enumerations as objects of numbers with labels, and bare constants.
import { fieldName, labelName, typeName } from './field-name.ts';
import { layoutSource } from './generate-layout.ts';
import type { EnumLayout } from './layout.ts';

export function enumsSource(enums: ReadonlyMap<string, EnumLayout>): string {
  if (enums.size === 0) return '';
  return ["import type { EnumLayout } from 'bpf-maps';\n", ...[...enums.values()].map(enumSource)].join('\n');
}

export function limitsSource(limits: readonly EnumLayout[]): string {
  const all = limits.flatMap((layout) => Object.entries(layout.values));
  return all.map(([name, value]) => `export const ${name} = ${literal(value)};\n`).join('');
}

function enumSource(layout: EnumLayout): string {
  const [type, variable] = [typeName(layout.name), fieldName(layout.name)];
  const values = shortNames(layout);
  const labels = new Map<number | bigint, string>();
  for (const [name, value] of values) if (!name.startsWith('_') && !labels.has(value)) labels.set(value, name);
  const key = layout.size === 8 ? 'string' : 'number';
  return `/** enum ${layout.name} */
export const ${type} = {
${values.map(([name, value]) => `  ${name}: ${literal(value)},\n`).join('')}} as const;
export type ${type} = (typeof ${type})[keyof typeof ${type}];

/** Labels of the values of {@link ${type}}. */
export const ${variable}Names: Readonly<Record<${key}, string>> = {
${[...labels].map(([value, name]) => `  ${value < 0 ? `'${value}'` : value}: '${labelName(name)}',\n`).join('')}};

export const ${variable}Layout: EnumLayout = ${layoutSource(layout, '')};
`;
}

/**
 * Enumerators without the prefix that carries their enum: DROP_NO_SPACE of `enum drop_reason` is NO_SPACE. An
 * enumerator with leading underscores (`__DROP_MAX`) keeps them: it counts, it is no value, and gets no label.
 */
function shortNames(layout: EnumLayout): [string, number | bigint][] {
  const names = Object.keys(layout.values);
  const bare = names.map((name) => name.replace(/^_+/, ''));
  const prefix = commonPrefix(bare, layout.name);
  return Object.entries(layout.values).map(([name, value], i) => {
    const short = (bare[i] as string).slice(prefix.length);
    return [`${name.startsWith('_') ? '__' : ''}${short}`, value];
  });
}

/** Only words that the enum's name accounts for: of DROP_NO_SPACE and DROP_NO_ROUTE, DROP_ but not DROP_NO_. */
function commonPrefix(names: readonly string[], enumName: string): string {
  const enumWords = enumName.split('_');
  let prefix = '';
  for (const word of (names[0] ?? '').split('_').slice(0, -1)) {
    const next = `${prefix}${word}_`;
    const carried = enumWords.some((one) => word !== '' && one.startsWith(word.toLowerCase()));
    if (!carried || !names.every((name) => /^[A-Za-z]/.test(name.startsWith(next) ? name.slice(next.length) : '')))
      break;
    prefix = next;
  }
  return prefix;
}

function literal(value: number | bigint): string {
  return typeof value === 'bigint' ? `${value}n` : `${value}`;
}
