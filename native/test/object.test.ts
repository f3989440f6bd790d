// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { BpfError, BpfMap, BpfObject } from '../lib/index.ts';
import { frame, readU32, u32 } from './bytes.ts';
import { compile } from './lab.ts';

const file = compile('xdp');
const opened: { close(): void }[] = [];
const keep = <T extends { close(): void }>(resource: T): T => {
  opened.push(resource);
  return resource;
};
const open = (): BpfObject => keep(BpfObject.open(file));
afterEach(() => {
  for (const resource of opened.splice(0)) resource.close();
});

describe('opening an object file', () => {
  test('takes a path and names the object after the file', () => {
    expect(open().name).toBe('xdp');
  });

  test('takes bytes and a name', () => {
    const object = keep(BpfObject.open(readFileSync(file), { name: 'mine' }));
    expect(object.name).toBe('mine');
    object.load();
    expect(object.program('drop').testRun({ data: frame(64) }).returnValue).toBe(1);
  });

  test('takes a path and a name', () => {
    expect(keep(BpfObject.open(file, { name: 'other' })).name).toBe('other');
  });

  test('of a path that does not exist fails with ENOENT and the path', () => {
    expect(() => BpfObject.open('/nowhere.bpf.o')).toThrow(
      expect.objectContaining({ name: 'BpfError', operation: 'object open', object: '/nowhere.bpf.o', code: 'ENOENT' }),
    );
  });

  test('of bytes that are no ELF file fails with the words of libbpf', () => {
    const refused = expect.objectContaining({ object: 'object', log: expect.stringContaining('libbpf: ') });
    expect(() => BpfObject.open(new Uint8Array(64))).toThrow(refused);
    expect(() => BpfObject.open(new Uint8Array(0))).toThrow(BpfError);
  });

  test.each([1, null, {}, new Uint16Array(4)])('of %o is a TypeError', (source) => {
    expect(() => BpfObject.open(source as never)).toThrow(/^source must be a Uint8Array, got /);
  });

  test('refuses a path with a NUL character', () => {
    expect(() => BpfObject.open('/etc\0/passwd')).toThrow(RangeError);
  });
});

describe('an open object', () => {
  test('lists its maps as declared', () => {
    const maps = new Map(
      open()
        .maps()
        .map((map) => [map.name, map]),
    );
    expect(maps.get('prefixes')).toMatchObject({ typeName: 'lpm_trie', type: 11, keySize: 8, valueSize: 4, flags: 1 });
    expect(maps.get('endpoints')).toMatchObject({ typeName: 'hash', maxEntries: 1024, internal: false });
    expect(maps.get('endpoints')?.btfKeyTypeId).toBeGreaterThan(0);
    expect([...maps.values()].filter((map) => map.internal).map((map) => map.name)).toEqual(['xdp.rodata']);
  });

  test('lists its programs', () => {
    expect(open().programs()).toEqual(['decide', 'drop', 'grow', 'report', 'jump', 'touch']);
  });

  test('gives its BTF before load', () => {
    expect(readU32(open().btf()) & 0xffff).toBe(0xeb9f);
  });

  test('runs with the constants it was given', () => {
    const object = open();
    const constants = object.rodata();
    expect(readU32(constants)).toBe(2);
    constants.set(u32(3));
    object.setRodata(constants);
    object.load();
    expect(object.program('decide').testRun({ data: frame(64) }).returnValue).toBe(3);
  });

  test('refuses constants of another length', () => {
    expect(() => open().setRodata(new Uint8Array(15))).toThrow(
      new RangeError('xdp.rodata: value must be 16 bytes, got 15'),
    );
  });

  test('says which section it does not have', () => {
    expect(() => open().rodata('.rodata.more')).toThrow('object xdp has no map .rodata.more (ENOENT)');
  });

  test('creates maps of the size it was told', () => {
    const object = open();
    object.setMaxEntries('endpoints', 5000);
    object.load();
    expect(object.map('endpoints').info.maxEntries).toBe(5000);
  });

  test('does not load a program that was switched off', () => {
    const object = open();
    object.setAutoload('drop', false);
    object.load();
    expect(() => object.program('drop')).toThrow('program drop was not loaded (ENOENT)');
    expect(object.program('decide').fd).toBeGreaterThan(2);
  });

  test('has no maps and programs to hand out yet', () => {
    const object = open();
    expect(() => object.map('slots')).toThrow('object xdp is not loaded (EINVAL)');
    expect(() => object.program('drop')).toThrow('object xdp is not loaded (EINVAL)');
  });
});

describe('reusing a map', () => {
  test('shares its entries, and survives the close of the other handle', () => {
    const existing = keep(BpfMap.create({ name: 'slots', type: 'array', keySize: 4, valueSize: 8, maxEntries: 16 }));
    existing.set(u32(3), new Uint8Array(8).fill(7));
    const object = open();
    object.reuseMap('slots', existing);
    const { id } = existing.info;
    existing.close();
    object.load();
    expect(object.map('slots').info.id).toBe(id);
    expect(object.map('slots').get(u32(3))).toEqual(new Uint8Array(8).fill(7));
  });

  test.each([
    [{ type: 'hash', keySize: 4, valueSize: 8 }, 'type 2, the map given has 1'],
    [{ type: 'array', keySize: 4, valueSize: 16 }, 'value size 8, the map given has 16'],
  ] as const)('refuses one that differs: %o', (shape, difference) => {
    const existing = keep(BpfMap.create({ name: 'slots', maxEntries: 16, ...shape }));
    expect(() => open().reuseMap('slots', existing)).toThrow(`map slots has ${difference} (EINVAL)`);
  });

  test('refuses what is no map', () => {
    expect(() => open().reuseMap('slots', {} as never)).toThrow(
      new TypeError('existing must be a BpfMap, got an object'),
    );
  });
});

describe('loading', () => {
  test('happens once', () => {
    const object = open();
    object.load();
    expect(() => object.load()).toThrow('object xdp is already loaded (EBUSY)');
    expect(() => object.setRodata(object.rodata())).toThrow('(EBUSY)');
    expect(() => object.setMaxEntries('slots', 4)).toThrow('(EBUSY)');
    expect(() => object.setAutoload('drop', false)).toThrow('(EBUSY)');
  });

  test('of a refused program fails with its decisive line as message and the whole verifier log', () => {
    const object = keep(BpfObject.open(compile('bad')));
    const refused = expect.objectContaining({
      operation: 'object load',
      object: 'bad',
      code: 'EACCES',
      errno: 13,
      message: expect.stringMatching(/^object load bad: program careless: invalid access to packet[^\n]* \(EACCES\)$/),
      log: expect.stringMatching(/BEGIN PROG LOAD LOG[\s\S]*r1 = \*\(u32[\s\S]*END PROG LOAD LOG/),
    });
    expect(() => object.load()).toThrow(refused);
    expect(() => object.load()).toThrow('object bad failed to load (EBUSY)');
  });

  test('keeps the log of programs that load only when asked to', () => {
    const silent = open();
    silent.load();
    expect(silent.log).toBeUndefined();
    const verbose = keep(BpfObject.open(file, { logLevel: 1 }));
    verbose.load();
    expect(verbose.log).toMatch(/processed \d+ insns/);
  });

  test('takes no other log level than 0, 1 and 2', () => {
    expect(() => BpfObject.open(file, { logLevel: 3 as never })).toThrow(RangeError);
  });
});
