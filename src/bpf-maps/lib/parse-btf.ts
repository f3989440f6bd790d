// SPDX-License-Identifier: MIT
// Reads a raw BTF blob (the `.BTF` section, or what the kernel returns) into a Btf.
// It knows where the bytes are; it does not judge whether a type can be represented in JavaScript.
import { type Btf, BtfError, type BtfKind, type BtfMember, type BtfType } from './btf.ts';
import { declTagsOf, indexByName } from './btf-index.ts';
import { BtfReader } from './btf-reader.ts';
import { mapDefinition, mapNames } from './map-definition.ts';

const MAGIC = 0xeb9f;
const MIN_HEADER = 24;

/** @throws BtfError when the bytes are not BTF, are cut short or contain a kind newer than ENUM64. */
export function parseBtf(raw: Uint8Array): Btf {
  const reader = openReader(raw);
  const types: BtfType[] = [{ kind: 'void', name: '' }];
  while (!reader.atEnd) types.push(readType(reader, types.length));

  const byName = indexByName(types);
  const btf: Btf = {
    bigEndian: !reader.littleEndian,
    types,
    find: (kind, name) => byName().get(`${kind} ${name}`),
    mapNames: () => mapNames(btf),
    mapTypes: (name) => mapDefinition(btf, name),
    declTags: declTagsOf(types),
  };
  return btf;
}

function openReader(raw: Uint8Array): BtfReader {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (raw.byteLength < MIN_HEADER) throw new BtfError(`BTF: ${raw.byteLength} bytes are too few for a header`);
  const littleEndian = view.getUint16(0, true) === MAGIC;
  if (!littleEndian && view.getUint16(0, false) !== MAGIC) throw new BtfError('BTF: no magic number 0xeb9f');
  if (view.getUint8(2) !== 1) throw new BtfError(`BTF: version ${view.getUint8(2)}, only 1 is known`);

  const word = (offset: number): number => view.getUint32(offset, littleEndian);
  const header = word(4);
  const types = { start: header + word(8), length: word(12) };
  const strings = { start: header + word(16), length: word(20) };
  for (const part of [types, strings])
    if (part.start + part.length > raw.byteLength) throw new BtfError('BTF: cut short, the header promises more');
  return new BtfReader(raw, types, strings, littleEndian);
}

const KINDS: readonly BtfKind[] = [
  'void',
  'int',
  'ptr',
  'array',
  'struct',
  'union',
  'enum',
  'fwd',
  'typedef',
  'volatile',
  'const',
  'restrict',
  'func',
  'func_proto',
  'var',
  'datasec',
  'float',
  'decl_tag',
  'type_tag',
  'enum64',
];

/** The three words every type starts with: struct btf_type. */
interface Head {
  readonly name: string;
  readonly vlen: number;
  readonly flag: boolean;
  readonly sizeOrType: number;
}

function readType(reader: BtfReader, id: number): BtfType {
  const name = reader.string(reader.word());
  const info = reader.word();
  const kind = KINDS[(info >>> 24) & 0x1f];
  if (kind === undefined || kind === 'void') throw new BtfError(`BTF: type ${id} has unknown kind ${info >>> 24}`);
  return readBody(reader, kind, { name, vlen: info & 0xffff, flag: info >>> 31 === 1, sizeOrType: reader.word() });
}

function readBody(reader: BtfReader, kind: Exclude<BtfKind, 'void'>, head: Head): BtfType {
  const { name, sizeOrType, vlen } = head;
  switch (kind) {
    case 'int':
      return { kind, name, size: sizeOrType, ...readInt(reader.word()) };
    case 'array':
      return { kind, name, ...readArray(reader) };
    case 'struct':
    case 'union':
      return { kind, name, size: sizeOrType, members: repeat(vlen, () => readMember(reader, head.flag)) };
    case 'enum':
      return { kind, name, size: sizeOrType, signed: head.flag, values: repeat(vlen, () => readValue(reader, head)) };
    case 'enum64':
      return { kind, name, size: sizeOrType, signed: head.flag, values: repeat(vlen, () => readValue64(reader, head)) };
    case 'func_proto':
      reader.skip(8 * vlen); // parameters: a name and a type each; no map has one
      return { kind, name, type: sizeOrType };
    case 'var':
      reader.skip(4); // linkage
      return { kind, name, type: sizeOrType };
    case 'datasec':
      return { kind, name, size: sizeOrType, variables: repeat(vlen, () => readVariable(reader)) };
    case 'float':
      return { kind, name, size: sizeOrType };
    case 'decl_tag':
      return { kind, name, type: sizeOrType, component: reader.word() | 0 };
    case 'fwd':
      return { kind, name };
    default:
      return { kind, name, type: sizeOrType };
  }
}

function repeat<T>(count: number, read: () => T): T[] {
  const all: T[] = [];
  for (let i = 0; i < count; i++) all.push(read());
  return all;
}

function readInt(data: number) {
  const encoding = data >>> 24;
  return {
    bits: data & 0xff,
    bitOffset: (data >>> 16) & 0xff,
    signed: (encoding & 1) !== 0,
    bool: (encoding & 4) !== 0,
  };
}

function readArray(reader: BtfReader) {
  const element = reader.word();
  reader.skip(4); // index type
  return { element, length: reader.word() };
}

function readMember(reader: BtfReader, bitfields: boolean): BtfMember {
  const name = reader.string(reader.word());
  const type = reader.word();
  const offset = reader.word();
  if (!bitfields) return { name, type, bitOffset: offset, bitSize: 0 };
  return { name, type, bitOffset: offset & 0xffffff, bitSize: offset >>> 24 };
}

function readValue(reader: BtfReader, { flag }: Head) {
  const name = reader.string(reader.word());
  const value = reader.word();
  return { name, value: flag ? value | 0 : value };
}

function readValue64(reader: BtfReader, { flag }: Head) {
  const name = reader.string(reader.word());
  const low = BigInt(reader.word());
  const value = low | (BigInt(reader.word()) << 32n);
  return { name, value: flag ? BigInt.asIntN(64, value) : value };
}

function readVariable(reader: BtfReader) {
  return { type: reader.word(), offset: reader.word(), size: reader.word() };
}
