// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { BpfObject, FileLock } from '../lib/index.ts';
import { frame, u32, u64 } from './bytes.ts';
import { bundle, compile } from './lab.ts';

const file = compile('xdp');
const script = bundle('thread');
const ROUNDS = 10;

const start = (end: 'close' | 'leave' | 'stay'): Worker =>
  new Worker(script, { workerData: { file, rounds: ROUNDS, end } });

/** Descriptors of maps, programs, links and BTF in this process, whichever thread they belong to. */
function bpfFds(): string[] {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // The descriptor of this very listing.
    }
  });
  return targets.filter((target) => /bpf|btf/.test(target));
}

describe('worker threads', () => {
  test('open and close while the main thread does the same', async () => {
    const before = bpfFds().length;
    const workers = Array.from({ length: 3 }, () => start('close'));
    const messages = workers.map((worker) => once(worker, 'message'));
    const exits = workers.map((worker) => once(worker, 'exit'));
    for (let round = 0; round < ROUNDS; round++) {
      const object = BpfObject.open(file);
      object.load();
      object.map('slots').set(u32(1), u64(round));
      expect(object.program('drop').testRun({ data: frame(64) }).returnValue).toBe(1);
      object.close();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await Promise.all(messages)).toEqual(Array(3).fill([{ errors: ROUNDS, records: 3 }]));
    expect(await Promise.all(exits)).toEqual(Array(3).fill([0]));
    expect(bpfFds().length).toBe(before);
  });

  test('that leave everything open have it closed at their end', async () => {
    const before = bpfFds().length;
    const worker = start('leave');
    expect(await once(worker, 'exit')).toEqual([0]);
    expect(bpfFds().length).toBe(before);
    const lock = FileLock.acquire(file);
    expect(lock).toBeDefined();
    lock?.release();
  });

  test('can be terminated in the middle of their records', async () => {
    const before = bpfFds().length;
    for (let i = 0; i < 3; i++) {
      const worker = start('stay');
      await once(worker, 'message');
      expect(await worker.terminate()).toBe(1);
    }
    expect(bpfFds().length).toBe(before);
  });
});
