// SPDX-License-Identifier: MIT
// A layout as text for people: one line per field with its offset, nested structs indented.
import { type Layout, nameOf, sizeOf } from './layout.ts';

/** e.g. "struct flow, 8 bytes\n  0 addr __be32\n  4 port __be16\n  6 pad padding". */
export function describeLayout(layout: Layout): string {
  return [`${nameOf(layout)}, ${sizeOf(layout)} bytes`, ...fieldLines(layout, 0, '  ')].join('\n');
}

function fieldLines(layout: Layout, base: number, indent: string): string[] {
  if (layout.kind === 'array') return fieldLines(layout.element, base, indent);
  if (layout.kind !== 'struct') return [];
  return layout.fields.flatMap((field) => {
    const offset = base + field.offset;
    const help = field.help === undefined ? '' : `  ${field.help}`;
    const line = `${indent}${offset} ${field.name} ${nameOf(field.layout)}${help}`;
    return [line, ...fieldLines(field.layout, offset, `${indent}  `)];
  });
}
