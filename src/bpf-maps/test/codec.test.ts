// SPDX-License-Identifier: MIT
// Layouts to codecs: values in both directions, and what is refused on the way into memory.
import { describe, expect, test } from 'vitest';
import { type Codec, codecOf, type Layout, layoutOf, UnrepresentableError } from '../lib/index.ts';
import { btfOf } from './compile.ts';

function codec<T>(source: string, target: 'bpf' | 'bpfeb' = 'bpf'): Codec<T> {
  const btf = btfOf(`${source}\nstruct it it;`, target);
  return codecOf<T>(layoutOf(btf, btf.find('struct', 'it') ?? 0));
}

function encoded<T>(codec: Codec<T>, value: T): number[] {
  const bytes = new Uint8Array(codec.size);
  codec.encode(value, new DataView(bytes.buffer), 0);
  return [...bytes];
}

function decoded<T>(codec: Codec<T>, bytes: readonly number[]): T {
  return codec.decode(new DataView(Uint8Array.from(bytes).buffer), 0);
}

describe('a codec', () => {
  test('shows network order as plain numbers', () => {
    const it = codec('struct it { __be32 address; __be16 port; __u16 host; __be64 wide; };');
    const value = { address: 0x0a000001, port: 80, host: 80, wide: 1n };
    expect(encoded(it, value)).toEqual([10, 0, 0, 1, 0, 80, 80, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(decoded(it, encoded(it, value))).toEqual(value);
  });

  test('shows plain numbers of a big-endian target in its order', () => {
    const it = codec('struct it { __u32 a; __le32 b; };', 'bpfeb');
    expect(encoded(it, { a: 1, b: 1 })).toEqual([0, 0, 0, 1, 1, 0, 0, 0]);
  });

  test('keeps the sign of every size', () => {
    const it = codec('struct it { __s64 a; __s32 b; __s16 c; signed char d; __u8 e; };');
    const value = { a: -1n, b: -2, c: -3, d: -4, e: 255 };
    expect(decoded(it, encoded(it, value))).toEqual(value);
    const least = { a: -(2n ** 63n), b: -(2 ** 31), c: -32768, d: -128, e: 0 };
    expect(decoded(it, encoded(it, least))).toEqual(least);
  });

  test('turns snake_case fields into camelCase', () => {
    const it = codec('struct it { __u32 next_hop_index; __u32 _private; };');
    expect(decoded(it, [1, 0, 0, 0, 2, 0, 0, 0])).toEqual({ nextHopIndex: 1, private: 2 });
  });

  test('nests structs and arrays', () => {
    const it = codec('struct p { __u8 x, y; }; struct it { struct p points[2]; __be16 grid[2][2]; };');
    const value = {
      points: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
      grid: [
        [5, 6],
        [7, 8],
      ],
    };
    expect(encoded(it, value)).toEqual([1, 2, 3, 4, 0, 5, 0, 6, 0, 7, 0, 8]);
    expect(decoded(it, encoded(it, value))).toEqual(value);
  });

  test('reads text up to the first NUL, in UTF-8', () => {
    const it = codec<{ name: string }>('struct it { char name[8]; };');
    expect(decoded(it, [...Buffer.from('eth0\0xyz')])).toEqual({ name: 'eth0' });
    expect(decoded(it, [...Buffer.from('12345678')])).toEqual({ name: '12345678' });
    expect(decoded(it, [...Buffer.from('Zürich\0')])).toEqual({ name: 'Zürich' });
    expect(encoded(it, { name: 'é' })).toEqual([0xc3, 0xa9, 0, 0, 0, 0, 0, 0]);
  });

  test('overwrites what was there: shorter text leaves no tail', () => {
    const it = codec<{ name: string }>('struct it { char name[4]; };');
    const bytes = new Uint8Array(4).fill(120);
    it.encode({ name: 'a' }, new DataView(bytes.buffer), 0);
    expect([...bytes]).toEqual([97, 0, 0, 0]);
  });

  test('gives bytes away as a copy', () => {
    const it = codec<{ mac: Uint8Array }>('struct it { __u8 mac[6]; };');
    const memory = Uint8Array.from([1, 2, 3, 4, 5, 6]);
    const { mac } = it.decode(new DataView(memory.buffer), 0);
    memory[0] = 99;
    expect([...mac]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('leaves padding and kernel-owned structs alone', () => {
    const it = codec<{ a: number }>(
      'struct bpf_spin_lock { __u32 val; }; struct it { struct bpf_spin_lock lock; __u8 a; __u8 pad[3]; };',
    );
    expect(decoded(it, [9, 9, 9, 9, 1, 9, 9, 9])).toEqual({ a: 1 });
    const bytes = new Uint8Array(8).fill(7);
    it.encode({ a: 1 }, new DataView(bytes.buffer), 0);
    expect([...bytes]).toEqual([7, 7, 7, 7, 1, 7, 7, 7]);
  });

  test('works at any offset of a view that is part of a buffer', () => {
    const it = codec<{ a: number; name: string; mac: Uint8Array }>(
      'struct it { __be16 a; char name[3]; __u8 mac[3]; };',
    );
    const buffer = new ArrayBuffer(64);
    const view = new DataView(buffer, 16, 32);
    it.encode({ a: 258, name: 'ab', mac: Uint8Array.of(1, 2, 3) }, view, 5);
    expect([...new Uint8Array(buffer, 21, 8)]).toEqual([1, 2, 97, 98, 0, 1, 2, 3]);
    expect(it.decode(view, 5)).toEqual({ a: 258, name: 'ab', mac: Uint8Array.of(1, 2, 3) });
  });

  test('reads enums as numbers, 64-bit ones as bigints, bools as booleans', () => {
    const it = codec('enum e { A, B = 7 }; struct it { enum e e; _Bool yes, no; __u16 rest; };');
    expect(decoded(it, [7, 0, 0, 0, 1, 0, 0, 0])).toEqual({ e: 7, yes: true, no: false, rest: 0 });
    const wide: Layout = {
      kind: 'enum',
      name: 'w',
      size: 8,
      signed: false,
      bigEndian: false,
      values: { A: 2n ** 40n },
    };
    expect(decoded(codecOf<bigint>(wide), encoded(codecOf<bigint>(wide), 2n ** 40n))).toBe(2n ** 40n);
  });
});

describe('encode refuses', () => {
  const it = codec<Record<string, unknown>>(
    'struct in { __u32 z; }; struct it { __u64 big; struct in in; __be16 port; signed char s; _Bool b; char t[4]; __u8 m[2]; __u16 a[3]; __u8 pad[4]; };',
  );
  const good = { big: 1n, in: { z: 1 }, port: 1, s: 1, b: true, t: 'abc', m: new Uint8Array(2), a: [1, 2, 3] };

  test.each<[object, string]>([
    [{ port: 65536 }, 'struct it.port: 65536 is not an integer from 0 to 65535'],
    [{ port: -1 }, 'struct it.port: -1 is not an integer'],
    [{ port: 1.5 }, 'struct it.port: 1.5 is not an integer'],
    [{ port: undefined }, 'struct it.port: undefined is not an integer'],
    [{ port: '80' }, "struct it.port: '80' is not an integer"],
    [{ s: 128 }, 'struct it.s: 128 is not an integer from -128 to 127'],
    [{ big: 1 }, 'struct it.big: 1 is not a bigint from 0 to 18446744073709551615'],
    [{ big: -1n }, 'struct it.big: -1 is not a bigint'],
    [{ big: 2n ** 64n }, 'struct it.big: 18446744073709551616 is not a bigint'],
    [{ b: 1 }, 'struct it.b: 1 is not a boolean'],
    [{ t: 'abcde' }, "struct it.t: 'abcde' does not fit into 4 bytes"],
    [{ t: 'ééé' }, "struct it.t: 'ééé' does not fit into 4 bytes"],
    [{ t: 'a\0b' }, 'struct it.t: text without NUL characters expected'],
    [{ m: new Uint8Array(3) }, 'struct it.m: Uint8Array of 2 bytes expected, got 3'],
    [{ m: [1, 2] }, 'struct it.m: Uint8Array of 2 bytes expected'],
    [{ a: [1, 2] }, 'struct it.a: 3 elements expected, got 2'],
    [{ a: undefined }, 'struct it.a: 3 elements expected, got undefined'],
    [{ a: [1, 2, 70000] }, 'struct it.a[]: 70000 is not an integer'],
    [{ in: { z: -1 } }, 'struct it.in.z: -1 is not an integer'],
    [{ in: undefined }, 'struct it.in: object expected, got undefined'],
  ])('%o', (change, message) => {
    expect(() => encoded(it, good)).not.toThrow();
    expect(() => encoded(it, { ...good, ...change })).toThrow(message);
  });

  test('numbers instead of strings only where they are numbers', () => {
    expect(() => encoded(it, { ...good, port: Number('80') })).not.toThrow();
  });
});

test('codecOf refuses two fields with one JavaScript name, and padding alone', () => {
  expect(() => codec('struct it { __u32 next_hop; __u32 nextHop; };')).toThrow(
    'struct it.nextHop: same name as next_hop',
  );
  expect(() => codecOf({ kind: 'opaque', name: 'bpf_timer', size: 16 })).toThrow(UnrepresentableError);
});
