// SPDX-License-Identifier: MIT
// One value as source text: the expression that reads it and the statements that write it. The run-time counterpart is
// codec.ts; both take a scalar's access from scalar.ts.
import { quoted, typeSource, variableName } from './generate-layout.ts';
import { type ArrayLayout, type EnumLayout, type IntLayout, type Layout, sizeOf } from './layout.ts';
import { scalarAccess } from './scalar.ts';
import { structTypeName } from './type-collector.ts';

export interface FieldContext {
  /** C name of the field with its struct, for messages. */
  readonly path: string;
  /** What a nameless struct here is called. */
  readonly context: string;
}

/** Arrays up to this length are written out, longer ones loop. */
const UNROLLED = 16;

/** An expression over `view`; `at` is the offset, e.g. "offset + 4". */
export function readSource(layout: Layout, at: string, field: FieldContext): string {
  switch (layout.kind) {
    case 'int':
    case 'enum':
      return `view.get${scalarAccess(layout).type}(${at}${order(layout)})`;
    case 'bool':
      return `view.getUint8(${at}) !== 0`;
    case 'bytes':
      return `readBytes(view, ${at}, ${layout.length})`;
    case 'text':
      return `readText(view, ${at}, ${layout.length})`;
    case 'struct':
      return `${variableName(structTypeName(layout, field.context), 'Codec')}.decode(view, ${at})`;
    case 'array':
      return readArray(layout, at, field);
    case 'opaque':
      throw new TypeError(`${field.path} has no value`);
  }
}

function readArray({ element, length }: ArrayLayout, at: string, field: FieldContext): string {
  if (length > UNROLLED) {
    const item = readSource(element, `${at} + ${index(at)} * ${sizeOf(element)}`, field);
    return `Array.from({ length: ${length} }, (_, ${index(at)}) => ${item})`;
  }
  return `[${offsets(element, length)
    .map((offset) => readSource(element, plus(at, offset), field))
    .join(', ')}]`;
}

/** Statements that write the expression `value`. */
export function writeSource(layout: Layout, at: string, value: string, field: FieldContext): string[] {
  const where = quoted(field.path);
  switch (layout.kind) {
    case 'int':
    case 'enum': {
      const { type, check } = scalarAccess(layout);
      return [`view.set${type}(${at}, ${check}(${value}, ${where})${order(layout)});`];
    }
    case 'bool':
      return [`view.setUint8(${at}, checkBool(${value}, ${where}));`];
    case 'bytes':
      return [`writeBytes(view, ${at}, ${layout.length}, ${value}, ${where});`];
    case 'text':
      return [`writeText(view, ${at}, ${layout.length}, ${value}, ${where});`];
    case 'struct':
      return [`${variableName(structTypeName(layout, field.context), 'Codec')}.encode(${value}, view, ${at});`];
    case 'array':
      return writeArray(layout, at, value, field);
    case 'opaque':
      throw new TypeError(`${field.path} has no value`);
  }
}

function writeArray({ element, length }: ArrayLayout, at: string, value: string, field: FieldContext): string[] {
  const check = `checkArray(${value}, ${length}, ${quoted(field.path)})`;
  const inside = { ...field, path: `${field.path}[]` };
  if (length > UNROLLED) {
    const item = `item${index(at).toUpperCase()}`;
    const body = writeSource(element, `${at} + ${index(at)} * ${sizeOf(element)}`, item, inside);
    return [`${check}.forEach((${item}, ${index(at)}) => {`, ...body.map((line) => `  ${line}`), '});'];
  }
  const type = typeSource(element, field.context);
  const items = offsets(element, length).flatMap((offset, i) =>
    writeSource(element, plus(at, offset), `(${value}[${i}] as ${type})`, inside),
  );
  return [`${check};`, ...items];
}

function order(layout: IntLayout | EnumLayout): string {
  return layout.size === 1 ? '' : `, ${!layout.bigEndian}`;
}

function offsets(element: Layout, length: number): number[] {
  return Array.from({ length }, (_, i) => i * sizeOf(element));
}

/** "offset + 4" and 8 make "offset + 12". */
function plus(at: string, bytes: number): string {
  if (bytes === 0) return at;
  const tail = / \+ (\d+)$/.exec(at);
  return tail === null ? `${at} + ${bytes}` : `${at.slice(0, tail.index)} + ${Number(tail[1]) + bytes}`;
}

/** A loop variable that the offset does not use yet: i, j, k. */
function index(at: string): string {
  return ['i', 'j', 'k'].find((name) => !new RegExp(`\\b${name}\\b`).test(at)) ?? 'n';
}
