// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FileLock } from '../lib/index.ts';
import { thrown } from './bytes.ts';

const directory = mkdtempSync(join(tmpdir(), 'libbpf-ts-lock-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('a lock', () => {
  test('is held once, until it is released', () => {
    const lock = FileLock.acquire(directory);
    expect(lock).toBeInstanceOf(FileLock);
    expect(FileLock.acquire(directory)).toBeUndefined();
    lock?.release();
    lock?.release();
    const again = FileLock.acquire(directory, { wait: true });
    expect(again).toBeInstanceOf(FileLock);
    again?.release();
  });

  test('holds against other processes, and ends with the process', async () => {
    const holder = spawn('flock', [directory, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    expect(FileLock.acquire(directory)).toBeUndefined();
    holder.stdin.end();
    await once(holder, 'exit');
    const lock = FileLock.acquire(directory);
    expect(lock).toBeInstanceOf(FileLock);
    lock?.release();
  });

  test('waits until another process lets go', async () => {
    const holder = spawn('flock', [directory, 'sh', '-c', 'echo held; sleep 0.2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const lock = FileLock.acquire(directory, { wait: true });
    expect(lock).toBeInstanceOf(FileLock);
    lock?.release();
    await once(holder, 'exit');
  });

  test('of a path that cannot be opened fails', () => {
    expect(thrown(() => FileLock.acquire(join(directory, 'missing')))).toMatchObject({
      operation: 'lock acquire',
      code: 'ENOENT',
    });
    expect(() => FileLock.acquire(directory, { wait: 'yes' as never })).toThrow('wait must be a boolean, got a string');
  });
});
