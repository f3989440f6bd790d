// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BpfObject, Program } from '../lib/index.ts';
import { counted, frame, readU32, thrown, u32 } from './bytes.ts';
import { compile } from './lab.ts';

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compile('xdp'));
  object.load();
});
afterEach(() => object.close());

describe('the info of a program', () => {
  test('describes it', () => {
    const info = object.program('grow').info();
    expect(info).toMatchObject({ name: 'grow', type: 6, runCount: 0n });
    expect(info.id).toBeGreaterThan(0);
    expect(info.tag).toMatch(/^[0-9a-f]{16}$/);
    expect(info.instructions).toBeGreaterThan(10);
    expect(info.verifiedInstructions).toBeGreaterThanOrEqual(info.instructions / 2);
    expect(info.btfId).toBeGreaterThan(0);
  });

  test('lists the maps it uses', () => {
    const { mapIds } = object.program('report').info();
    expect(mapIds).toContain(object.map('events').info.id);
    expect(mapIds).not.toContain(object.map('slots').info.id);
  });

  test('is the same through its id', () => {
    const { id, tag } = object.program('drop').info();
    const again = Program.openId(id);
    expect(again.info()).toMatchObject({ id, tag, name: 'drop' });
    again.close();
  });
});

describe('a test run', () => {
  test('returns the verdict and the unchanged frame', () => {
    const data = frame(1500);
    const result = object.program('decide').testRun({ data });
    expect(result.returnValue).toBe(2);
    expect(result.data).toEqual(data);
    expect(result.context).toEqual(new Uint8Array(0));
  });

  test('returns a frame that grew at both ends, in its exact length', () => {
    const data = frame(100).fill(0xaa, 14);
    const result = object.program('grow').testRun({ data });
    expect(result.returnValue).toBe(3);
    expect(result.data).toEqual(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, ...data, 0, 0, 0, 0]));
    expect(data).toEqual(frame(100).fill(0xaa, 14));
  });

  test('has a duration per run', () => {
    const { duration } = object.program('decide').testRun({ data: frame(64), repeat: 1000 });
    expect(duration).toBeGreaterThan(0);
    expect(duration).toBeLessThan(1_000_000);
  });

  test('repeats', () => {
    object.program('decide').testRun({ data: frame(64), repeat: 5 });
    expect(counted(object, 0)).toBe(5);
  });

  test('repeats to the end, whatever signals arrive meanwhile', () => {
    const repeat = 5_000_000;
    const children = ['0.02', '0.05', '0.08'].map((seconds) => spawn('sleep', [seconds]));
    object.program('decide').testRun({ data: frame(64), repeat });
    for (const child of children) child.kill();
    expect(counted(object, 0)).toBe(repeat);
  });

  test('takes a context and returns it', () => {
    const context = u32(0, 64, 0, 1, 0, 0);
    const result = object.program('decide').testRun({ data: frame(64), context });
    expect(result.context.length).toBe(24);
    expect(readU32(result.context, 1) - readU32(result.context, 0)).toBe(64);
  });

  test('fails when the room for the frame is too small', () => {
    const run = () => object.program('decide').testRun({ data: frame(100), dataOutSize: 50 });
    expect(run).toThrow('program testRun decide: No space left on device (ENOSPC)');
  });

  test('fails for a frame without an Ethernet header', () => {
    const error = thrown(() => object.program('decide').testRun({ data: new Uint8Array(13) }));
    expect(error).toMatchObject({ name: 'BpfError', code: 'EINVAL', object: 'decide' });
    expect(thrown(() => object.program('decide').testRun())).toMatchObject({ code: 'EINVAL' });
  });

  test.each([
    [{ repeat: -1 }, 'repeat must be an integer from 0 to 2147483647, got -1'],
    [{ repeat: '1' }, 'repeat must be a number, got a string'],
    [{ data: 'x' }, 'data must be a Uint8Array, got a string'],
    [{ dataOutSize: 2 ** 40 }, 'dataOutSize must be an integer from 0 to 16777216, got 1099511627776'],
    [{ liveFrames: 1 }, 'liveFrames must be a boolean, got 1'],
    [7, 'options must be an object, got 7'],
  ])('refuses %o', (options, message) => {
    expect(() => object.program('decide').testRun(options as never)).toThrow(message);
  });

  test('is not confused by options that close the program or take its input away', () => {
    const program = object.program('decide');
    const buffer = new ArrayBuffer(64);
    const data = new Uint8Array(buffer);
    const options = {
      data,
      get contextOutSize() {
        structuredClone(buffer, { transfer: [buffer] });
        program.close();
        return 0;
      },
    };
    expect(() => program.testRun(options)).toThrow('program decide is closed (EBADF)');
  });
});
