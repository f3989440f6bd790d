// SPDX-License-Identifier: MIT
// From bytes to JavaScript values and back, for any layout. The work of choosing is done once, in codecOf; what runs per
// entry is a chain of closures.

import { readBytes, readText, writeBytes, writeText } from './byte-values.ts';
import { checkArray } from './checked-values.ts';
import { fieldName } from './field-name.ts';
import { type ArrayLayout, type Layout, nameOf, type StructLayout, sizeOf } from './layout.ts';
import { scalarReader, scalarWriter } from './scalar.ts';
import { UnrepresentableError } from './unrepresentable-error.ts';

/**
 * Values in JavaScript: integers of up to 32 bits and enums are numbers, of 64 bits bigints, both in host order whatever
 * the order in memory (`__be16` port 80 is 80); bool is a boolean, `char[n]` a string, `__u8[n]` a Uint8Array, other
 * arrays are arrays, structs are objects with camelCase fields. Padding and kernel-owned structs are left out: decode
 * skips them, encode leaves the bytes as they are.
 */
export interface Codec<T> {
  /** Bytes in memory. */
  readonly size: number;
  readonly layout: Layout;
  /** @throws RangeError when fewer than `size` bytes follow `offset`. */
  decode(view: DataView, offset: number): T;
  /** @throws RangeError or TypeError naming the field whose value does not fit; bytes before it may be written. */
  encode(value: T, view: DataView, offset: number): void;
}

export type Reader = (view: DataView, offset: number) => unknown;
export type Writer = (value: never, view: DataView, offset: number) => void;

/** A codec for the layout. `T` is the caller's promise: it is what the generator writes out and checks. */
export function codecOf<T>(layout: Layout): Codec<T> {
  const path = nameOf(layout);
  return {
    size: sizeOf(layout),
    layout,
    decode: readerOf(layout, path) as (view: DataView, offset: number) => T,
    encode: writerOf(layout, path) as (value: T, view: DataView, offset: number) => void,
  };
}

function readerOf(layout: Layout, path: string): Reader {
  switch (layout.kind) {
    case 'struct':
      return structReader(layout, path);
    case 'array':
      return arrayReader(layout, path);
    case 'bytes':
      return (view, offset) => readBytes(view, offset, layout.length);
    case 'text':
      return (view, offset) => readText(view, offset, layout.length);
    case 'opaque':
      throw new UnrepresentableError(path, 'belongs to the kernel');
    default:
      return scalarReader(layout);
  }
}

function writerOf(layout: Layout, path: string): Writer {
  switch (layout.kind) {
    case 'struct':
      return structWriter(layout, path);
    case 'array':
      return arrayWriter(layout, path);
    case 'bytes':
      return (value, view, offset) => writeBytes(view, offset, layout.length, value, path);
    case 'text':
      return (value, view, offset) => writeText(view, offset, layout.length, value, path);
    case 'opaque':
      throw new UnrepresentableError(path, 'belongs to the kernel');
    default:
      return scalarWriter(layout, path);
  }
}

/** Fields that JavaScript sees, under the name it sees them by. */
export function visibleFields(layout: StructLayout, path: string) {
  const seen = new Map<string, string>();
  const fields = layout.fields.filter((field) => field.layout.kind !== 'opaque');
  return fields.map((field) => {
    const key = fieldName(field.name);
    const other = seen.get(key);
    if (other !== undefined) throw new UnrepresentableError(`${path}.${field.name}`, `same name as ${other}: ${key}`);
    seen.set(key, field.name);
    return { ...field, key, path: `${path}.${field.name}` };
  });
}

function structReader(layout: StructLayout, path: string): Reader {
  const fields = visibleFields(layout, path).map((field) => ({ ...field, read: readerOf(field.layout, field.path) }));
  return (view, base) => {
    const value: Record<string, unknown> = {};
    for (const field of fields) value[field.key] = field.read(view, base + field.offset);
    return value;
  };
}

function structWriter(layout: StructLayout, path: string): Writer {
  const fields = visibleFields(layout, path).map((field) => ({ ...field, write: writerOf(field.layout, field.path) }));
  return (value: Record<string, never>, view, base) => {
    if (typeof value !== 'object' || value === null) throw new TypeError(`${path}: object expected, got ${value}`);
    for (const field of fields) field.write(value[field.key] as never, view, base + field.offset);
  };
}

function arrayReader({ element, length }: ArrayLayout, path: string): Reader {
  const read = readerOf(element, `${path}[]`);
  const step = sizeOf(element);
  return (view, base) => {
    const values: unknown[] = [];
    for (let i = 0; i < length; i++) values.push(read(view, base + i * step));
    return values;
  };
}

function arrayWriter({ element, length }: ArrayLayout, path: string): Writer {
  const write = writerOf(element, `${path}[]`);
  const step = sizeOf(element);
  return (values: readonly never[], view, base) => {
    checkArray(values, length, path).forEach((value, i) => {
      write(value, view, base + i * step);
    });
  };
}
