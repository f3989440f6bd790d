// SPDX-License-Identifier: MIT
// The first difference between two layouts, in words.
import { describe, expect, test } from 'vitest';
import { compareLayouts, type Layout, layoutOf } from '../lib/index.ts';
import { btfOf } from './compile.ts';

function layout(body: string, name = 'it'): Layout {
  const btf = btfOf(`enum colour { RED, BLUE }; ${body} struct ${name} variable;`);
  return layoutOf(btf, btf.find('struct', name) ?? 0);
}

const expected = layout(
  'struct in { __u32 z; }; struct it { __be32 a; __be16 port; __u8 name[2]; struct in in; enum colour c; };',
);

describe('compareLayouts', () => {
  test('finds nothing where only names of integers and help texts differ', () => {
    const tagged =
      'struct in { unsigned int z; };' +
      'struct it { __be32 a __attribute__((btf_decl_tag("help"))); __be16 port; unsigned char name[2]; struct in in; enum colour c; };';
    expect(compareLayouts(expected, layout(tagged))).toBeUndefined();
  });

  test.each([
    [
      'struct in { __u32 z; }; struct it { __be32 a, b; __be16 port; __u8 name[2]; struct in in; enum colour c; };',
      'struct it.port: offset 8, expected 4',
    ],
    [
      'struct in { __u32 z; }; struct it { __be32 a; __u8 name[2]; __be16 port; struct in in; enum colour c; };',
      'struct it.port: offset 6, expected 4',
    ],
    [
      'struct in { __u32 z; }; struct it { __be32 a; __u16 port; __u8 name[2]; struct in in; enum colour c; };',
      'struct it.port: big-endian false, expected true',
    ],
    [
      'struct in { __u32 z; }; struct it { __be32 a; __be16 port; char name[2]; struct in in; enum colour c; };',
      'struct it.name: char[2], expected __u8[2]',
    ],
    [
      'struct in { __s32 z; }; struct it { __be32 a; __be16 port; __u8 name[2]; struct in in; enum colour c; };',
      'struct it.in.z: signed true, expected false',
    ],
    [
      'struct out { __u32 z; }; struct it { __be32 a; __be16 port; __u8 name[2]; struct out in; enum colour c; };',
      'struct it.in: struct out, expected struct in',
    ],
    [
      'struct in { __u32 z; }; struct it { __be32 a; __be16 port; __u8 name[2]; struct in in; __u32 c; };',
      'struct it.c: __u32, expected enum colour',
    ],
    [
      'struct in { __u32 z; }; struct it { __be32 a; __be16 port; __u8 name[2]; struct in in; enum colour d; };',
      'struct it.c: missing',
    ],
    [
      'struct in { __u32 z; }; struct it { __be32 a; __be16 port; __u8 name[2]; struct in in; enum colour c; __u32 d; };',
      'struct it.d: not expected',
    ],
  ])('%s', (other, difference) => {
    expect(compareLayouts(expected, layout(other))).toBe(difference);
  });

  test('sees structs that were renamed, arrays of another length, padding of another size', () => {
    expect(compareLayouts(layout('struct a { __u32 x; };', 'a'), layout('struct b { __u32 x; };', 'b'))).toBe(
      'struct a: struct b, expected struct a',
    );
    expect(compareLayouts(layout('struct it { __u32 x[2]; };'), layout('struct it { __u32 x[3]; };'))).toBe(
      'struct it.x: length 3, expected 2',
    );
    expect(compareLayouts(layout('struct it { __u8 pad[2]; };'), layout('struct it { __u8 pad[4]; };'))).toBe(
      'struct it.pad: size 4, expected 2',
    );
  });

  test('lets enumerations grow, but not change what a number means', () => {
    const colours = (values: Record<string, number>): Layout => ({
      kind: 'enum',
      name: 'colour',
      size: 4,
      signed: false,
      bigEndian: false,
      values,
    });
    const two = colours({ RED: 0, BLUE: 1 });
    expect(compareLayouts(two, colours({ RED: 0, BLUE: 1, GREEN: 2 }))).toBeUndefined();
    expect(compareLayouts(colours({ RED: 0, BLUE: 1, GREEN: 2 }), two)).toBeUndefined();
    expect(compareLayouts(two, colours({ RED: 0, GREEN: 1, BLUE: 2 }))).toBe('enum colour.BLUE: value 2, expected 1');
    expect(compareLayouts(two, colours({ RED: 0, GREEN: 1 }))).toBe('enum colour: value 1 is GREEN, expected BLUE');
  });
});
