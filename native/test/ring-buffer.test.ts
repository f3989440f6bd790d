// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BpfObject, RingBuffer } from '../lib/index.ts';
import { frame, readU32, thrown } from './bytes.ts';
import { compile } from './lab.ts';

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compile('xdp'));
  object.load();
});
afterEach(() => object.close());

const report = (length: number, repeat = 1) => object.program('report').testRun({ data: frame(length), repeat });

describe('a ring buffer', () => {
  test('delivers records in order', async () => {
    const lengths: number[] = [];
    const ring = new RingBuffer(object.map('events'), (record) => lengths.push(readU32(record)));
    for (const length of [60, 61, 62]) report(length);
    await vi.waitFor(() => expect(lengths).toEqual([60, 61, 62]));
    report(63);
    await vi.waitFor(() => expect(lengths).toEqual([60, 61, 62, 63]));
    ring.close();
  });

  test('delivers what was written before it was opened', async () => {
    report(80, 3);
    const records: Uint8Array[] = [];
    const ring = new RingBuffer(object.map('events'), (record) => records.push(record));
    await vi.waitFor(() => expect(records.length).toBe(3));
    expect(records.every((record) => record.length === 8 && readU32(record) === 80)).toBe(true);
    ring.close();
  });

  test('may be closed by the function it calls, and leaves the rest to the next reader', async () => {
    report(70, 5);
    const first: Uint8Array[] = [];
    const ring = new RingBuffer(object.map('events'), (record) => {
      first.push(record);
      if (first.length === 2) ring.close();
    });
    await vi.waitFor(() => expect(first.length).toBe(2));
    const rest: Uint8Array[] = [];
    const next = new RingBuffer(object.map('events'), (record) => rest.push(record));
    await vi.waitFor(() => expect(rest.length).toBe(3));
    next.close();
    expect(first.length).toBe(2);
  });

  test('goes on when its map and object are closed', async () => {
    const records: Uint8Array[] = [];
    const map = object.map('events');
    report(60);
    const ring = new RingBuffer(map, (record) => records.push(record));
    object.close();
    await vi.waitFor(() => expect(records.length).toBe(1));
    ring.close();
  });

  test('turns an exception of the function into an uncaught one, and goes on', async () => {
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const seen: number[] = [];
    const ring = new RingBuffer(object.map('events'), (record) => {
      seen.push(readU32(record));
      if (seen.length === 1) throw new Error('from the callback');
    });
    const uncaught = once(process, 'uncaughtException');
    report(60, 2);
    expect(await uncaught).toMatchObject([{ message: 'from the callback' }, 'uncaughtException']);
    await vi.waitFor(() => expect(seen).toEqual([60, 60]));
    for (const listener of others) process.on('uncaughtException', listener);
    ring.close();
  });

  test('closes more than once, and is no use afterwards', () => {
    const ring = new RingBuffer(object.map('events'), () => {});
    ring.unref();
    ring.ref();
    ring.close();
    ring.close();
    expect(thrown(() => ring.ref())).toMatchObject({ code: 'EBADF', object: 'events' });
  });

  test('is made from ring buffer maps only', () => {
    expect(thrown(() => new RingBuffer(object.map('slots'), () => {}))).toMatchObject({
      operation: 'ring buffer open',
      object: 'slots',
      code: 'EINVAL',
    });
    expect(() => new RingBuffer({} as never, () => {})).toThrow(new TypeError('map must be a BpfMap, got an object'));
    expect(() => new RingBuffer(object.map('events'), 1 as never)).toThrow('onRecord must be a function, got 1');
  });
});
