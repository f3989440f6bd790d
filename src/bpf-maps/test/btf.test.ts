// SPDX-License-Identifier: MIT
// BTF bytes to types: every kind, both byte orders, damage; map definitions and tags.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BtfError, parseBtf } from '../lib/index.ts';
import { buildBtf } from './btf-builder.ts';
import { btfOf, rawBtfOf } from './compile.ts';

const MAP = `
#define __uint(name, value) int (*name)[value]
#define __type(name, value) typeof(value) *name
#define __array(name, value) typeof(value) *name[]
#define MAPS __attribute__((section(".maps"), used))
`;

describe('parseBtf', () => {
  test('reads every kind up to ENUM64', () => {
    const btf = parseBtf(
      buildBtf([
        { kind: 1, name: 'int', sizeOrType: 4, rest: [0x01000020] },
        { kind: 2, sizeOrType: 1 },
        { kind: 3, rest: [1, 1, 7] },
        { kind: 4, name: 's', vlen: 1, sizeOrType: 4, rest: ['member', 1, 0] },
        { kind: 5, name: 'u', vlen: 1, flag: true, sizeOrType: 4, rest: ['bits', 1, 0x03000005] },
        { kind: 6, name: 'e', vlen: 1, flag: true, sizeOrType: 4, rest: ['MINUS', 0xffffffff] },
        { kind: 7, name: 'f' },
        { kind: 8, name: 't', sizeOrType: 1 },
        { kind: 9, sizeOrType: 1 },
        { kind: 10, sizeOrType: 1 },
        { kind: 11, sizeOrType: 2 },
        { kind: 12, name: 'func', sizeOrType: 13 },
        { kind: 13, vlen: 1, sizeOrType: 1, rest: ['parameter', 1] },
        { kind: 14, name: 'v', sizeOrType: 1, rest: [1] },
        { kind: 15, name: '.data', vlen: 1, sizeOrType: 8, rest: [14, 4, 4] },
        { kind: 16, name: 'double', sizeOrType: 8 },
        { kind: 17, name: 'tag', sizeOrType: 4, rest: [0] },
        { kind: 18, name: 'user', sizeOrType: 1 },
        { kind: 19, name: 'big', vlen: 2, flag: true, sizeOrType: 8, rest: ['A', 5, 1, 'B', 0xffffffff, 0xffffffff] },
      ]),
    );
    expect(btf.types.map((type) => type.kind)).toEqual(
      (
        'void int ptr array struct union enum fwd typedef volatile const restrict func func_proto var datasec float ' +
        'decl_tag type_tag enum64'
      ).split(' '),
    );
    expect(btf.types[1]).toMatchObject({ name: 'int', size: 4, bits: 32, signed: true });
    expect(btf.types[3]).toMatchObject({ element: 1, length: 7 });
    expect(btf.types[5]).toMatchObject({ members: [{ name: 'bits', bitOffset: 5, bitSize: 3 }] });
    expect(btf.types[6]).toMatchObject({ values: [{ name: 'MINUS', value: -1 }] });
    expect(btf.types[15]).toMatchObject({ variables: [{ type: 14, offset: 4, size: 4 }] });
    expect(btf.types[19]).toMatchObject({ values: [{ value: 0x1_0000_0005n }, { value: -1n }] });
    expect(btf.declTags(4)).toEqual(new Map([['member', ['tag']]]));
    expect(btf.find('enum64', 'big')).toBe(19);
    expect(btf.find('struct', 'big')).toBeUndefined();
  });

  test('reads big-endian BTF and says so', () => {
    const btf = btfOf('struct point { __u32 x; __be32 y; } point;', 'bpfeb');
    expect(btf.bigEndian).toBe(true);
    expect(btf.types[btf.find('struct', 'point') ?? 0]).toMatchObject({
      size: 8,
      members: [{ name: 'x' }, { name: 'y' }],
    });
  });

  test("reads the running kernel's own BTF", () => {
    const btf = parseBtf(readFileSync('/sys/kernel/btf/vmlinux'));
    const socket = btf.types[btf.find('struct', 'sk_buff') ?? 0];
    expect(socket).toMatchObject({ kind: 'struct', name: 'sk_buff' });
    expect(btf.types.length).toBeGreaterThan(10_000);
  });

  test('refuses bytes that are not BTF', () => {
    expect(() => parseBtf(new Uint8Array(10))).toThrow('BTF: 10 bytes are too few for a header');
    expect(() => parseBtf(new Uint8Array(100))).toThrow('BTF: no magic number 0xeb9f');
    const version2 = buildBtf([]);
    version2[2] = 2;
    expect(() => parseBtf(version2)).toThrow('BTF: version 2, only 1 is known');
  });

  test('refuses BTF cut short anywhere', () => {
    const whole = rawBtfOf('struct point { __u32 x; __u32 y; } point;');
    for (let length = 0; length < whole.length; length++)
      expect(() => parseBtf(whole.subarray(0, length))).toThrow(BtfError);
  });

  test('refuses a type that runs past its section, an unknown kind, a string out of bounds', () => {
    expect(() => parseBtf(buildBtf([{ kind: 4, vlen: 9, rest: [0, 1, 0] }]))).toThrow('runs past the type section');
    expect(() => parseBtf(buildBtf([{ kind: 20 }]))).toThrow('BTF: type 1 has unknown kind 20');
    expect(() => parseBtf(buildBtf([{ kind: 6, vlen: 1, rest: [9999, 0] }]))).toThrow('string offset 9999 is outside');
  });
});

describe('map definitions', () => {
  test('name key and value types, map type and size', () => {
    const btf = btfOf(`${MAP}
      struct door { __u32 number; };
      struct { __uint(type, 1); __uint(max_entries, 77); __type(key, __u32); __type(value, struct door); } doors MAPS;`);
    const types = btf.mapTypes('doors');
    expect(btf.mapNames()).toEqual(['doors']);
    expect(types).toMatchObject({ type: 1, maxEntries: 77, value: btf.find('struct', 'door') });
    expect(btf.types[types?.key ?? 0]).toMatchObject({ kind: 'typedef', name: '__u32' });
    expect(btf.mapTypes('windows')).toBeUndefined();
  });

  test('show what a map of maps holds under its name', () => {
    const btf = btfOf(`${MAP}
      struct inner { __uint(type, 2); __uint(max_entries, 5); __type(key, __u32); __type(value, __u64); };
      struct { __uint(type, 13); __uint(max_entries, 3); __type(key, __u16); __array(values, struct inner); } outer MAPS;`);
    expect(btf.mapTypes('outer')).toMatchObject({ type: 13, value: 0, inner: { type: 2, maxEntries: 5 } });
    expect(btf.mapTypes('outer.inner')).toEqual(btf.mapTypes('outer')?.inner);
  });

  test('leave out what they do not name', () => {
    const btf = btfOf(`${MAP} struct { __uint(type, 27); __uint(max_entries, 4096); } ring MAPS;`);
    expect(btf.mapTypes('ring')).toEqual({ type: 27, maxEntries: 4096, key: 0, value: 0 });
  });
});

describe('declTags', () => {
  test('belong to the struct or to one of its members', () => {
    const btf = btfOf(`
      #define TAG(text) __attribute__((btf_decl_tag(text)))
      struct door { __u32 number TAG("on the plate") TAG("from 1"); __u32 colour; } TAG("a way in");
      struct door door;`);
    expect(btf.declTags(btf.find('struct', 'door') ?? 0)).toEqual(
      new Map([
        ['', ['a way in']],
        ['number', ['on the plate', 'from 1']],
      ]),
    );
  });
});
