// SPDX-License-Identifier: MIT
// Types to layouts: what is represented and how, and what is refused under which name.
import { describe, expect, test } from 'vitest';
import { describeLayout, type Layout, layoutOf, mapLayouts, nameOf, parseBtf, sizeOf } from '../lib/index.ts';
import { buildBtf } from './btf-builder.ts';
import { btfOf } from './compile.ts';

/** The layout of `struct it` in that source. */
function layoutIn(source: string, target: 'bpf' | 'bpfeb' = 'bpf'): Layout {
  const btf = btfOf(`${source}\nstruct it it;`, target);
  return layoutOf(btf, btf.find('struct', 'it') ?? 0);
}

const fieldsOf = (layout: Layout) => (layout.kind === 'struct' ? layout.fields : []);

describe('layoutOf', () => {
  test('takes the byte order from the typedef', () => {
    const fields = fieldsOf(layoutIn('typedef __be16 port_t; struct it { __be32 a; port_t b; __le16 c; __u64 d; };'));
    expect(fields.map(({ layout }) => layout)).toEqual([
      { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true },
      { kind: 'int', name: 'port_t', size: 2, signed: false, bigEndian: true },
      { kind: 'int', name: '__le16', size: 2, signed: false, bigEndian: false },
      { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false },
    ]);
  });

  test('has big-endian integers for a big-endian target, but for __le16', () => {
    const fields = fieldsOf(layoutIn('enum e { A }; struct it { __u32 a; __le16 b; __be16 c; enum e d; };', 'bpfeb'));
    expect(fields.map(({ layout }) => 'bigEndian' in layout && layout.bigEndian)).toEqual([true, false, true, true]);
  });

  test('tells text, bytes and arrays of small numbers apart', () => {
    const source = 'struct it { char a[8]; unsigned char b[4]; __u8 c[4]; signed char d[4]; _Bool e[2]; __u16 f[1]; };';
    expect(fieldsOf(layoutIn(source)).map(({ layout }) => nameOf(layout))).toEqual([
      'char[8]',
      '__u8[4]',
      '__u8[4]',
      'signed char[4]',
      'bool[2]',
      '__u16[1]',
    ]);
  });

  test('keeps the order of dimensions', () => {
    const [grid, names] = fieldsOf(layoutIn('struct it { __u16 grid[2][3]; char names[4][16]; };'));
    expect(grid && nameOf(grid.layout)).toBe('__u16[2][3]');
    expect(names && nameOf(names.layout)).toBe('char[4][16]');
    expect(grid && sizeOf(grid.layout)).toBe(12);
  });

  test('takes the members of an unnamed struct as its own', () => {
    const fields = fieldsOf(layoutIn('struct it { __u32 a; struct { __u16 b; __u16 c; }; };'));
    expect(fields.map(({ name, offset }) => [name, offset])).toEqual([
      ['a', 0],
      ['b', 4],
      ['c', 6],
    ]);
  });

  test('hides padding with a name and structs that belong to the kernel', () => {
    const fields = fieldsOf(
      layoutIn(
        'struct bpf_timer { __u64 :64; __u64 :64; } __attribute__((aligned(8)));' +
          'struct it { struct bpf_timer timer; __u8 a; __u8 pad[3]; __u32 _pad2; };',
      ),
    );
    expect(fields.map(({ layout }) => layout)).toEqual([
      { kind: 'opaque', name: 'bpf_timer', size: 16 },
      { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false },
      { kind: 'opaque', name: 'padding', size: 3 },
      { kind: 'opaque', name: 'padding', size: 4 },
    ]);
  });

  test('carries help texts from btf_decl_tag', () => {
    const layout = layoutIn(
      'struct it { __u32 a __attribute__((btf_decl_tag("the first"))); __u32 b; } __attribute__((btf_decl_tag("all")));',
    );
    expect(layout).toMatchObject({ help: 'all', fields: [{ name: 'a', help: 'the first' }, { name: 'b' }] });
    expect(fieldsOf(layout)[1]).not.toHaveProperty('help');
  });

  test('reads 64-bit enums with bigint values', () => {
    const btf = parseBtf(buildBtf([{ kind: 19, name: 'big', vlen: 1, sizeOrType: 8, rest: ['A', 0, 1] }]));
    expect(layoutOf(btf, 1)).toMatchObject({ kind: 'enum', size: 8, values: { A: 0x1_0000_0000n } });
  });
});

describe('layoutOf refuses', () => {
  test.each([
    ['struct it { __u32 a : 3; __u32 b : 29; };', 'struct it.a: bitfield'],
    ['struct it { union { __u32 a; __u16 b; } u; };', 'struct it.u: union'],
    ['struct it { __u32 *p; };', 'struct it.p: pointer'],
    ['struct it { double d; };', 'struct it.d: float'],
    ['struct it { __u32 n; __u8 rest[]; };', 'struct it.rest: flexible array'],
    ['struct it { __u32 n; __u8 rest[0]; };', 'struct it.rest: flexible array'],
    ['struct it { __u8 a; __u32 b; };', 'struct it.b: 3 bytes of hidden padding before it'],
    ['struct it { __u32 a; __u8 b; __u16 c; };', 'struct it.c: 1 byte of hidden padding before it'],
    ['struct it { __u64 a; __u32 b; };', 'struct it: 4 bytes of hidden padding at its end'],
    ['struct it { __int128 a; };', 'struct it.a: 128-bit integer'],
    ['struct deep { __u32 *p; }; struct it { __u32 a, b; struct deep deep[2]; };', 'struct it.deep[].p: pointer'],
    ['struct it { struct { __u8 a; __u16 b; }; };', 'struct it.b: 1 byte of hidden padding before it'],
  ])('%s', (source, message) => {
    expect(() => layoutIn(source)).toThrow(message);
  });

  test('an enumerator whose sign the BTF does not tell', () => {
    const btf = parseBtf(buildBtf([{ kind: 6, name: 'e', vlen: 1, sizeOrType: 4, rest: ['A', 0xffffffff] }]));
    expect(() => layoutOf(btf, 1)).toThrow('enum e.A: value above 2147483647 or negative, BTF does not say which');
  });

  test('void, functions and 64-bit enums cut to 32 bits', () => {
    const btf = parseBtf(buildBtf([{ kind: 13 }, { kind: 6, name: 'e', sizeOrType: 8 }, { kind: 7, name: 'f' }]));
    expect(() => layoutOf(btf, 0)).toThrow('void: void');
    expect(() => layoutOf(btf, 1)).toThrow('func_proto: func_proto');
    expect(() => layoutOf(btf, 2)).toThrow('enum e: 64-bit enum whose values this compiler cuts to 32 bits');
    expect(() => layoutOf(btf, 3)).toThrow('f: struct f is only declared, not defined');
    expect(() => layoutOf(btf, 4)).toThrow('BTF has no type 4');
  });
});

describe('mapLayouts', () => {
  const map = (name: string, members: string): string =>
    `struct { int (*type)[1]; ${members} } ${name} __attribute__((section(".maps"), used));`;

  test('finds a map by the 15 characters the kernel keeps of its name', () => {
    const btf = btfOf(map('much_too_long_names', '__u32 *key; __u16 *value;'));
    expect(mapLayouts(btf, 'much_too_long_n').value).toMatchObject({ size: 2 });
  });

  test('asks for the full name when 15 characters are not enough', () => {
    const btf = btfOf(
      map('much_too_long_1', '__u32 *key; __u16 *value;') +
        map('doors_of_the_house', '__u32 *key; __u16 *value;') +
        map('doors_of_the_hotel', '__u32 *key; __u16 *value;'),
    );
    expect(() => mapLayouts(btf, 'doors_of_the_ho')).toThrow(
      'map doors_of_the_ho: could be doors_of_the_house or doors_of_the_hotel, give the full name',
    );
    expect(mapLayouts(btf, 'much_too_long_1').key).toMatchObject({ size: 4 });
  });

  test('refuses by map and field', () => {
    const btf = btfOf(
      `struct flow { __u32 flags : 3; }; ${map('flows', '__u32 *key; struct flow *value;')} ${map('sizes', 'int (*key_size)[4];')}`,
    );
    expect(() => mapLayouts(btf, 'flows')).toThrow('map flows: struct flow.flags: bitfield');
    expect(() => mapLayouts(btf, 'sizes')).toThrow('map sizes: its definition names no key or value type');
    expect(() => mapLayouts(btf, 'absent')).toThrow('map absent: not in the .maps section of this BTF');
  });
});

test('describeLayout prints one line per field', () => {
  const layout = layoutIn(
    'struct in { __be16 port; __u16 pad; }; struct it { __u32 a __attribute__((btf_decl_tag("help"))); struct in in; };',
  );
  expect(describeLayout(layout)).toBe(
    'struct it, 8 bytes\n  0 a __u32  help\n  4 in struct in\n    4 port __be16\n    6 pad padding',
  );
});
