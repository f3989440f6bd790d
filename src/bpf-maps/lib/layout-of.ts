// SPDX-License-Identifier: MIT
// Turns a BTF type into a Layout, or refuses it by name: nothing is guessed, no byte is left unexplained.
// Structs are in struct-layout.ts.
import { unalias } from './alias.ts';
import type { Btf, BtfOf, BtfType } from './btf.ts';
import type { BoolLayout, BytesLayout, EnumLayout, IntLayout, Layout, TextLayout } from './layout.ts';
import { structLayout } from './struct-layout.ts';
import { UnrepresentableError } from './unrepresentable-error.ts';

/**
 * The layout of a type: integers, enums, structs, arrays and combinations of them.
 * @throws UnrepresentableError e.g. "struct flow.flags: bitfield", for bitfields, unions, pointers, floats, flexible
 *   arrays, hidden padding and whatever else has no exact counterpart.
 */
export function layoutOf(btf: Btf, typeId: number): Layout {
  const { type, name } = unalias(btf, typeId);
  return layoutAt(btf, typeId, pathName(type, name));
}

function pathName(type: BtfType, alias: string): string {
  if (type.kind === 'struct' || type.kind === 'union' || type.kind === 'enum' || type.kind === 'enum64') {
    const keyword = type.kind === 'enum64' ? 'enum' : type.kind;
    return `${keyword} ${type.name || alias || '(anonymous)'}`;
  }
  return alias || type.name || type.kind;
}

/** The same with the path so far, for members of structs and elements of arrays. */
export function layoutAt(btf: Btf, typeId: number, path: string): Layout {
  const { id, type, name, bigEndian } = unalias(btf, typeId);
  switch (type.kind) {
    case 'int':
      return intLayout(type, name, bigEndian ?? btf.bigEndian, path);
    case 'enum':
    case 'enum64':
      return enumLayout(type, name, btf.bigEndian, path);
    case 'struct':
      return structLayout(btf, id, type, name, path);
    case 'array':
      return arrayLayout(btf, type, path);
    case 'ptr':
      throw new UnrepresentableError(path, 'pointer');
    case 'fwd':
      throw new UnrepresentableError(path, `struct ${type.name} is only declared, not defined`);
    default:
      throw new UnrepresentableError(path, type.kind);
  }
}

function isIntSize(size: number): size is 1 | 2 | 4 | 8 {
  return size === 1 || size === 2 || size === 4 || size === 8;
}

function intLayout(type: BtfOf<'int'>, alias: string, bigEndian: boolean, path: string): IntLayout | BoolLayout {
  if (type.bits !== type.size * 8 && !type.bool) throw new UnrepresentableError(path, 'bitfield');
  if (!isIntSize(type.size)) throw new UnrepresentableError(path, `${type.size * 8}-bit integer`);
  if (type.bool && type.size === 1) return { kind: 'bool', size: 1 };
  return { kind: 'int', name: alias || type.name, size: type.size, signed: type.signed, bigEndian };
}

function enumLayout(type: BtfOf<'enum' | 'enum64'>, alias: string, bigEndian: boolean, path: string): EnumLayout {
  const { size } = type;
  if (!isIntSize(size)) throw new UnrepresentableError(path, `${size}-byte enum`);
  if (type.kind === 'enum' && size === 8)
    throw new UnrepresentableError(path, '64-bit enum whose values this compiler cuts to 32 bits');
  const values: Record<string, number | bigint> = {};
  for (const { name, value } of type.values) {
    // Compilers before LLVM 15 do not record the sign: -1 and 4294967295 are the same bytes.
    if (type.kind === 'enum' && !type.signed && Number(value) >= 2 ** 31)
      throw new UnrepresentableError(`${path}.${name}`, 'value above 2147483647 or negative, BTF does not say which');
    values[name] = size === 8 ? BigInt(value) : Number(value);
  }
  return { kind: 'enum', name: type.name || alias, size, signed: type.signed, bigEndian, values };
}

function arrayLayout(btf: Btf, type: BtfOf<'array'>, path: string): Layout {
  if (type.length === 0) throw new UnrepresentableError(path, 'flexible array');
  const element = unalias(btf, type.element).type;
  const flat = element.kind === 'int' && characters(element, type.length);
  if (flat) return flat;
  return { kind: 'array', length: type.length, element: layoutAt(btf, type.element, `${path}[]`) };
}

function characters(element: BtfOf<'int'>, length: number): TextLayout | BytesLayout | false {
  if (element.name === 'char') return { kind: 'text', length };
  return element.size === 1 && !element.signed && !element.bool && { kind: 'bytes', length };
}
