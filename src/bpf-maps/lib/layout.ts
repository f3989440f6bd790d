// SPDX-License-Identifier: MIT
// What a type looks like in memory, as plain data: it can be written into generated code, printed and compared.
// Where layouts come from is layout-of.ts; what a value is in JavaScript is codec.ts.

/** An integer of 1, 2, 4 or 8 bytes. `bigEndian` comes from `__be16`, `__be32`, `__be64`. */
export interface IntLayout {
  readonly kind: 'int';
  /** As declared, e.g. `__be32`. */
  readonly name: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly bigEndian: boolean;
}

export interface BoolLayout {
  readonly kind: 'bool';
  readonly size: 1;
}

/** An enumeration of 1, 2, 4 or 8 bytes; of 8 its values are bigints. */
export interface EnumLayout {
  readonly kind: 'enum';
  /** '' for an anonymous one. */
  readonly name: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly bigEndian: boolean;
  readonly values: Readonly<Record<string, number | bigint>>;
}

export interface FieldLayout {
  /** As in C. */
  readonly name: string;
  /** In bytes from the start of the struct. */
  readonly offset: number;
  readonly layout: Layout;
  /** Text of the field's `btf_decl_tag`. */
  readonly help?: string;
}

export interface StructLayout {
  readonly kind: 'struct';
  /** '' for an anonymous one. */
  readonly name: string;
  readonly size: number;
  readonly fields: readonly FieldLayout[];
  readonly help?: string;
}

export interface ArrayLayout {
  readonly kind: 'array';
  readonly length: number;
  readonly element: Layout;
}

/** `__u8[length]`. */
export interface BytesLayout {
  readonly kind: 'bytes';
  readonly length: number;
}

/** `char[length]`: UTF-8 up to the first NUL. */
export interface TextLayout {
  readonly kind: 'text';
  readonly length: number;
}

/** Bytes JavaScript neither sees nor sets: `bpf_timer`, `bpf_spin_lock` and the like, and members named `pad`. */
export interface OpaqueLayout {
  readonly kind: 'opaque';
  readonly name: string;
  readonly size: number;
}

export type Layout =
  | IntLayout
  | BoolLayout
  | EnumLayout
  | StructLayout
  | ArrayLayout
  | BytesLayout
  | TextLayout
  | OpaqueLayout;

/** Bytes in memory. */
export function sizeOf(layout: Layout): number {
  switch (layout.kind) {
    case 'bytes':
    case 'text':
      return layout.length;
    case 'array':
      return layout.length * sizeOf(layout.element);
    default:
      return layout.size;
  }
}

/** A name for messages: `struct flow`, `enum state`, `__be32`, `char[16]`. */
export function nameOf(layout: Layout): string {
  switch (layout.kind) {
    case 'struct':
    case 'enum':
      return `${layout.kind} ${layout.name || '(anonymous)'}`;
    case 'bytes':
      return `__u8[${layout.length}]`;
    case 'text':
      return `char[${layout.length}]`;
    case 'array':
      return arrayName(layout, '');
    case 'bool':
      return 'bool';
    default:
      return layout.name;
  }
}

/** Dimensions in the order C writes them. */
function arrayName({ element, length }: ArrayLayout, outer: string): string {
  const dimensions = `${outer}[${length}]`;
  return element.kind === 'array' ? arrayName(element, dimensions) : elementName(element, dimensions);
}

function elementName(element: Layout, dimensions: string): string {
  if (element.kind === 'bytes') return `__u8${dimensions}[${element.length}]`;
  return element.kind === 'text' ? `char${dimensions}[${element.length}]` : `${nameOf(element)}${dimensions}`;
}
