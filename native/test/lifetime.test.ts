// SPDX-License-Identifier: MIT

import { readdirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BpfError, BpfMap, BpfObject, FileLock, Link, NetlinkMonitor, Program, RingBuffer } from '../lib/index.ts';
import { frame, thrown, u32, u64 } from './bytes.ts';
import { compile } from './lab.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const opened: BpfObject[] = [];
afterEach(() => {
  for (const object of opened.splice(0)) object.close();
});

function loaded(): BpfObject {
  const object = BpfObject.open(compile('xdp'));
  opened.push(object);
  object.load();
  return object;
}

const openFds = (): number => readdirSync('/proc/self/fd').length;

describe('after close', () => {
  const closed = (call: () => unknown, kind: string, name: string) => {
    const error = thrown(call);
    expect(error).toBeInstanceOf(BpfError);
    expect(error).toMatchObject({
      code: 'EBADF',
      object: name,
      message: expect.stringContaining(`${kind} ${name} is closed`),
    });
  };

  test('every call on a map says that it is closed', () => {
    const map = loaded().map('slots');
    map.close();
    map.close();
    const calls: (() => unknown)[] = [
      () => map.get(u32(0)),
      () => map.set(u32(0), u64(0)),
      () => map.delete(u32(0)),
      () => map.nextKey(),
      () => map.getBatch(undefined, 1),
      () => map.setBatch(u32(0), u64(0), 1),
      () => map.deleteBatch(u32(0), 1),
      () => map.pin('/nowhere'),
      () => map.freeze(),
      () => map.info,
      () => map.fd,
    ];
    for (const call of calls) closed(call, 'map', 'slots');
    const fresh = BpfObject.open(compile('xdp'));
    closed(() => fresh.reuseMap('slots', map), 'map', 'slots');
    fresh.close();
  });

  test('every call on a program says that it is closed', () => {
    const program = loaded().program('drop');
    program.close();
    for (const call of [
      () => program.info(),
      () => program.fd,
      () => program.testRun({ data: frame(64) }),
      () => program.pin('/nowhere'),
      () => Link.attachXdp(program, 1),
    ]) {
      closed(call, 'program', 'drop');
    }
  });

  test('every call on an object says that it is closed', () => {
    const object = BpfObject.open(compile('xdp'));
    object.close();
    object.close();
    for (const call of [
      () => object.load(),
      () => object.maps(),
      () => object.programs(),
      () => object.map('slots'),
      () => object.program('drop'),
      () => object.rodata(),
      () => object.setRodata(new Uint8Array(16)),
      () => object.setMaxEntries('slots', 1),
      () => object.setAutoload('drop', true),
      () => object.btf(),
    ]) {
      closed(call, 'object', 'xdp');
    }
    expect(object.name).toBe('xdp');
  });

  test('of an object, its maps and programs are closed, too', () => {
    const object = loaded();
    const [map, program] = [object.map('slots'), object.program('drop')];
    object.close();
    closed(() => map.get(u32(0)), 'map', 'slots');
    closed(() => program.info(), 'program', 'drop');
  });

  test('of one handle, others to the same map work', () => {
    const object = loaded();
    const [one, other] = [object.map('slots'), object.map('slots')];
    one.close();
    expect(other.get(u32(0))).toEqual(u64(0));
  });

  test('no descriptor is left', () => {
    const before = openFds();
    for (let i = 0; i < 5; i++) {
      const object = loaded();
      object.map('slots');
      object.program('drop');
      BpfMap.openId(object.map('counters').info.id).close();
      object.close();
    }
    expect(openFds()).toBe(before);
  });
});

describe('failed opens', () => {
  test('leave no descriptor', () => {
    const before = openFds();
    for (let i = 0; i < 5; i++) {
      const object = BpfObject.open(compile('bad'));
      thrown(() => object.load());
      object.close();
      thrown(() => BpfObject.open(new Uint8Array(100)));
      thrown(() => new RingBuffer(BpfMap.openId(0), () => {}));
      thrown(() => new NetlinkMonitor([100_000], () => {}));
      thrown(() => FileLock.acquire('/nowhere'));
    }
    expect(openFds()).toBe(before);
  });
});

describe('garbage collection', () => {
  const collect = async () => {
    for (let i = 0; i < 5; i++) {
      collectGarbage();
      await turn();
    }
  };

  test('closes what nobody holds', async () => {
    await collect();
    const before = openFds();
    const forget = () => {
      const object = BpfObject.open(compile('xdp'));
      object.load();
      object.map('slots');
    };
    for (let i = 0; i < 3; i++) forget();
    expect(openFds()).toBeGreaterThan(before);
    await vi.waitFor(async () => {
      await collect();
      expect(openFds()).toBe(before);
    });
  });

  test('leaves an object alone as long as one of its maps is held', async () => {
    const map = (() => {
      const object = BpfObject.open(compile('xdp'));
      object.load();
      return object.map('slots');
    })();
    await collect();
    expect(map.get(u32(0))).toEqual(u64(0));
    map.close();
  });

  test('leaves a lock alone that nobody holds', async () => {
    const path = compile('xdp');
    FileLock.acquire(path);
    await collect();
    expect(FileLock.acquire(path)).toBeUndefined();
  });
});

describe('classes', () => {
  test.each([
    ['BpfObject', BpfObject],
    ['BpfMap', BpfMap],
    ['Program', Program],
    ['Link', Link],
    ['FileLock', FileLock],
  ])('%s is made by its static methods, not by new', (_, Class) => {
    const Constructor = Class as unknown as new (...parts: unknown[]) => unknown;
    expect(() => new Constructor()).toThrow(/^not a constructor: use /);
    expect(() => new Constructor({}, 3)).toThrow(TypeError);
  });

  test('methods refuse another receiver', () => {
    const object = loaded();
    expect(() => BpfMap.prototype.get.call(object.program('drop') as never, u32(0))).toThrow(TypeError);
    expect(() => BpfMap.prototype.get.call({} as never, u32(0))).toThrow(TypeError);
  });

  test('arguments of another class are refused, whatever their prototype', () => {
    const object = loaded();
    const disguised = Object.setPrototypeOf(object.map('slots'), Program.prototype);
    expect(() => Link.attachXdp(disguised, 1)).toThrow('program must be a Program, got an object');
  });

  test('instances are of their class', () => {
    const object = loaded();
    expect(object).toBeInstanceOf(BpfObject);
    expect(object.map('slots')).toBeInstanceOf(BpfMap);
    expect(object.program('drop')).toBeInstanceOf(Program);
  });

  test('Symbol.dispose closes', () => {
    const map = loaded().map('slots');
    map[Symbol.dispose]();
    expect(() => map.get(u32(0))).toThrow('(EBADF)');
  });
});
