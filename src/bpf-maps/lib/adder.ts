// SPDX-License-Identifier: MIT
// Adds two decoded values field by field: how per-CPU values become one.
import { visibleFields } from './codec.ts';
import { type Layout, nameOf, type StructLayout } from './layout.ts';
import { UnrepresentableError } from './unrepresentable-error.ts';

export type Adder = (a: never, b: never) => unknown;

/**
 * Sums of integers, structs and arrays of them. A sum may be larger than the field it comes from: it does not wrap.
 * @throws UnrepresentableError naming the first field that has no sum: text, bytes, enum, bool.
 */
export function adderOf(layout: Layout, path: string = nameOf(layout)): Adder {
  switch (layout.kind) {
    case 'int':
      return (a: number, b: number) => a + b; // or two bigints
    case 'array': {
      const add = adderOf(layout.element, `${path}[]`);
      return (a: readonly never[], b: readonly never[]) => a.map((value, i) => add(value, b[i] as never));
    }
    case 'struct':
      return structAdder(layout, path);
    default:
      throw new UnrepresentableError(path, `${nameOf(layout)} has no sum`);
  }
}

function structAdder(layout: StructLayout, path: string): Adder {
  const fields = visibleFields(layout, path).map((field) => ({ ...field, add: adderOf(field.layout, field.path) }));
  return (a: Record<string, never>, b: Record<string, never>) => {
    const sum: Record<string, unknown> = {};
    for (const { key, add } of fields) sum[key] = add(a[key] as never, b[key] as never);
    return sum;
  };
}
