// SPDX-License-Identifier: MIT
// Generated TypeScript: kept in generated/ so that the compiler checks it and a change shows in a review.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { generate } from '../lib/generate.ts';
import { codecOf, layoutOf, mapLayouts } from '../lib/index.ts';
import { writeGenerated } from '../lib/write-generated.ts';
import { btfOf } from './compile.ts';
import * as generated from './generated/index.ts';
import { generatedHeader, shapesBtf, shapesObject } from './shapes.ts';

const { bookCodec, bookLayout, BookState, bookStateNames } = generated;

function source(c: string, file: string): string {
  return generate(btfOf(c)).get(file) ?? '';
}

describe('generated code', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bpf-maps-generated-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  // `vitest run --update` writes the files again.
  test.each([...generate(shapesBtf, { header: generatedHeader })])(
    'is up to date in generated/%s',
    async (file, text) => {
      await expect(text).toMatchFileSnapshot(`generated/${file}`);
    },
  );

  test('is written through libbpf, over what an older object left', () => {
    writeFileSync(join(directory, 'limits.ts'), 'export const OLD = 1;\n');
    writeFileSync(join(directory, 'mine.ts'), '');
    expect(writeGenerated(shapesObject, directory, { enums: [], structs: ['shelf'] })).not.toContain('limits.ts');
    expect(readdirSync(directory).sort()).toEqual(['enums.ts', 'index.ts', 'maps.ts', 'mine.ts', 'structs.ts']);
  });

  test('has the layouts that the BTF has', () => {
    expect(bookLayout).toEqual(layoutOf(shapesBtf, shapesBtf.find('struct', 'book') ?? 0));
    for (const [name, { key, value }] of Object.entries(generated.maps)) {
      expect(key.layout).toEqual(mapLayouts(shapesBtf, name).key);
      expect(value.layout).toEqual(mapLayouts(shapesBtf, name).value);
    }
    expect(generated.maps.shelves.inner.value).toBe(generated.shelfCodec);
  });

  test('decodes and encodes as codecOf does', () => {
    const runtime = codecOf<generated.Book>(bookLayout);
    for (let seed = 1; seed <= 200; seed++) {
      const bytes = Uint8Array.from(
        { length: bookCodec.size },
        (_, i) => Math.imul(seed * 7919 + i, 2654435761) >>> 24,
      );
      const view = new DataView(bytes.buffer);
      const value = bookCodec.decode(view, 0);
      expect(value).toEqual(runtime.decode(view, 0));
      const [one, other] = [new Uint8Array(bookCodec.size), new Uint8Array(bookCodec.size)];
      const printable = { ...value, title: `book ${seed}` };
      bookCodec.encode(printable, new DataView(one.buffer), 0);
      runtime.encode(printable, new DataView(other.buffer), 0);
      expect(one).toEqual(other);
      expect(bookCodec.decode(new DataView(one.buffer), 0)).toEqual(printable);
    }
  });

  test('refuses what does not fit, naming the field', () => {
    const book = bookCodec.decode(new DataView(new ArrayBuffer(bookCodec.size)), 0);
    const encode = (change: Partial<generated.Book>) => () =>
      bookCodec.encode({ ...book, ...change }, new DataView(new ArrayBuffer(bookCodec.size)), 0);
    expect(encode({})).not.toThrow();
    expect(encode({ small: 40000 })).toThrow('struct book.small: 40000 is not an integer from -32768 to 32767');
    expect(encode({ many: [1] })).toThrow('struct book.many: 20 elements expected, got 1');
    expect(encode({ title: 'x'.repeat(25) })).toThrow('does not fit into 24 bytes');
    expect(encode({ others: [book.shelf] })).toThrow('struct book.others: 2 elements expected, got 1');
  });

  test('has a value even for a struct with nothing to see', () => {
    const memory = new Uint8Array(generated.alarmCodec.size).fill(7);
    generated.alarmCodec.encode({}, new DataView(memory.buffer), 0);
    expect([...memory]).toEqual(new Array(16).fill(7));
    expect(generated.alarmCodec.decode(new DataView(memory.buffer), 0)).toEqual({});
  });

  test('has enums as objects with labels, limits as constants', () => {
    expect(BookState).toEqual({ HERE: 0, LENT: 1, NOT_FOUND: 9, NOT_BOUND: 10, __MAX: 11 });
    expect(bookStateNames).toEqual({ 0: 'here', 1: 'lent', 9: 'not_found', 10: 'not_bound' });
    expect(generated.MAX_SHELVES).toBe(12);
  });

  test('carries help texts into comments, and no text can end a comment', () => {
    const structs = generate(shapesBtf).get('structs.ts');
    expect(structs).toContain("/** __be32[4], offset 0: the author's number */");
    expect(structs).toContain('/** __be64, offset 8: nanoseconds since 1450, it\'s "early" *\\/ */');
    expect(structs).toContain('/** struct book, 208 bytes: a book on a shelf */');
  });
});

describe('enum names', () => {
  test.each([
    ['enum drop_reason { DROP_NO_SPACE = 1, DROP_NO_ROUTE } v;', '  NO_SPACE: 1,\n  NO_ROUTE: 2,\n'],
    ['enum colours { COL_RED, COL_BLUE } v;', '  RED: 0,\n  BLUE: 1,\n'],
    ['enum tcp_state { TCP_STATE_NONE, TCP_STATE_SYN } v;', '  NONE: 0,\n  SYN: 1,\n'],
    ['enum level { LOW, HIGH } v;', '  LOW: 0,\n  HIGH: 1,\n'],
    ['enum ip_version { IP_4 = 4, IP_6 = 6 } v;', '  IP_4: 4,\n  IP_6: 6,\n'],
    ['enum one_thing { ONE_THING_ONLY } v;', '  ONLY: 0,\n'],
    ['enum mixed { MIXED_A, OTHER_B } v;', '  MIXED_A: 0,\n  OTHER_B: 1,\n'],
  ])('%s', (c, body) => {
    expect(source(c, 'enums.ts')).toContain(`{\n${body}} as const;`);
  });

  test('of one value: the first is its label', () => {
    expect(source('enum level { LEVEL_LOW, LEVEL_FIRST = 0 } v;', 'enums.ts')).toContain("  0: 'low',\n};");
  });
});

describe('what is generated', () => {
  const types = 'struct a { __u32 x; }; struct b { struct a a; enum c { C_1A } c; }; enum d { D_X };';

  test('is what variables lead to, by value, pointer or array', () => {
    const files = generate(btfOf(`${types} struct b *b; enum d d[2];`));
    expect([...files.keys()]).toEqual(['enums.ts', 'structs.ts', 'index.ts']);
    expect(files.get('structs.ts')?.match(/interface \w+/g)).toEqual(['interface A', 'interface B']);
    expect(files.get('enums.ts')?.match(/export type \w+/g)).toEqual(['export type C', 'export type D']);
  });

  test('does not depend on the order of declarations', () => {
    const one = generate(btfOf(`${types} struct z { __u32 x; }; struct z z; struct b b; enum d d;`));
    const other = generate(btfOf(`${types} struct z { __u32 x; }; enum d d; struct b b; struct z z;`));
    expect(one).toEqual(other);
  });

  test('can be named instead', () => {
    const btf = btfOf(`${types} struct b b; enum d d;`);
    const files = generate(btf, { structs: ['a'], enums: ['d'] });
    expect(files.get('structs.ts')).not.toContain('interface B');
    expect(files.get('enums.ts')).not.toContain('type C');
    expect(() => generate(btf, { structs: ['absent'] })).toThrow('struct absent: not in this BTF');
  });

  test('can be limited to sections', () => {
    const btf = btfOf(`${types} struct b b __attribute__((section(".data.contract"))) = {}; enum d d;`);
    const files = generate(btf, { sections: ['.data.contract'] });
    expect(files.get('enums.ts')).not.toContain('type D ');
    expect(files.get('structs.ts')).toContain('interface B ');
  });

  test('is refused with the name of what has no counterpart', () => {
    expect(() => generate(btfOf('struct a { __u32 *p; } a;'))).toThrow('struct a.p: pointer');
    expect(() => generate(btfOf('struct a { __u32 x; }; struct { struct a *a; } all;'))).toThrow(
      'struct a: the BTF has only its name; point at it with a variable',
    );
    expect(() => generate(btfOf('struct a_b { __u32 x; } one; struct aB { __u32 x; } other;'))).toThrow(
      'called AB in TypeScript',
    );
    expect(() => generate(btfOf('enum x_y { X } x; struct xY { __u32 y; } y;'))).toThrow(
      'enum x_y: a struct is called XY too',
    );
  });
});
