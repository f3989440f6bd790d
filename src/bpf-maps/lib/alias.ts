// SPDX-License-Identifier: MIT
// Typedefs and qualifiers: other names for the same bytes, one of which may fix the byte order.
import { type Btf, type BtfType, typeAt } from './btf.ts';

export interface Unaliased {
  /** Of the type behind all names and qualifiers. */
  readonly id: number;
  readonly type: Exclude<BtfType, { readonly kind: 'typedef' | 'volatile' | 'const' | 'restrict' | 'type_tag' }>;
  /** The outermost typedef, '' without one. */
  readonly name: string;
  /** True after `__be16/32/64`, false after `__le16/32/64`. */
  readonly bigEndian: boolean | undefined;
}

/** Follows typedef, const, volatile, restrict and type tags to the type itself. */
export function unalias(btf: Btf, typeId: number): Unaliased {
  let name = '';
  let bigEndian: boolean | undefined;
  for (let id = typeId; ; ) {
    const type = typeAt(btf, id);
    switch (type.kind) {
      case 'typedef':
        name ||= type.name;
        bigEndian ??= fixedByteOrder(type.name);
        id = type.type;
        break;
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        id = type.type;
        break;
      default:
        return { id, type: type as Unaliased['type'], name, bigEndian };
    }
  }
}

function fixedByteOrder(typedef: string): boolean | undefined {
  const order = /^__([bl])e(16|32|64)$/.exec(typedef)?.[1];
  return order === undefined ? undefined : order === 'b';
}
