// SPDX-License-Identifier: MIT
// The first difference between two layouts, as a sentence that names the field.
// Help texts and names of integer typedefs are not part of a layout.
import { type EnumLayout, type Layout, nameOf, type StructLayout } from './layout.ts';

/** e.g. "struct flow.port: offset 20, expected 18"; undefined when the two mean the same bytes. */
export function compareLayouts(expected: Layout, actual: Layout): string | undefined {
  return compareAt(expected, actual, nameOf(expected));
}

function compareAt(expected: Layout, actual: Layout, path: string): string | undefined {
  if (expected.kind === 'int' && actual.kind === 'int')
    return (
      differs(path, 'size', actual.size, expected.size) ??
      differs(path, 'signed', actual.signed, expected.signed) ??
      differs(path, 'big-endian', actual.bigEndian, expected.bigEndian)
    );
  if (expected.kind === 'struct' && actual.kind === 'struct') return compareStructs(expected, actual, path);
  if (expected.kind === 'enum' && actual.kind === 'enum') return compareEnums(expected, actual, path);
  if (expected.kind === 'array' && actual.kind === 'array')
    return (
      differs(path, 'length', actual.length, expected.length) ??
      compareAt(expected.element, actual.element, `${path}[]`)
    );
  return differs(path, '', nameOf(actual), nameOf(expected)) ?? compareOpaque(expected, actual, path);
}

function differs<T>(path: string, what: string, actual: T, expected: T): string | undefined {
  if (actual === expected) return undefined;
  return `${path}: ${what}${what && ' '}${actual}, expected ${expected}`;
}

function compareOpaque(expected: Layout, actual: Layout, path: string): string | undefined {
  if (expected.kind !== actual.kind) return `${path}: ${actual.kind}, expected ${expected.kind}`;
  if (expected.kind !== 'opaque' || actual.kind !== 'opaque') return undefined;
  return differs(path, 'size', actual.size, expected.size);
}

function compareStructs(expected: StructLayout, actual: StructLayout, path: string): string | undefined {
  if (expected.name !== actual.name) return differs(path, '', nameOf(actual), nameOf(expected));
  const found = new Map(actual.fields.map((field) => [field.name, field]));
  for (const field of expected.fields) {
    const where = `${path}.${field.name}`;
    const other = found.get(field.name);
    if (other === undefined) return `${where}: missing`;
    const difference =
      differs(where, 'offset', other.offset, field.offset) ?? compareAt(field.layout, other.layout, where);
    if (difference !== undefined) return difference;
    found.delete(field.name);
  }
  for (const name of found.keys()) return `${path}.${name}: not expected`;
  return differs(path, 'size', actual.size, expected.size);
}

/**
 * A value that only one side knows is no difference: enumerations grow. A name with another value, or a value with
 * another name, is.
 */
function compareEnums(expected: EnumLayout, actual: EnumLayout, path: string): string | undefined {
  const outer =
    differs(path, 'size', actual.size, expected.size) ?? differs(path, '', nameOf(actual), nameOf(expected));
  if (outer !== undefined) return outer;
  const names = new Map(Object.entries(actual.values).map(([name, value]) => [value, name]));
  for (const [name, value] of Object.entries(expected.values)) {
    const other = actual.values[name];
    if (other !== undefined && other !== value) return `${path}.${name}: value ${other}, expected ${value}`;
    const renamed = other === undefined ? names.get(value) : undefined;
    if (renamed !== undefined) return `${path}: value ${value} is ${renamed}, expected ${name}`;
  }
  return differs(path, 'big-endian', actual.bigEndian, expected.bigEndian);
}
