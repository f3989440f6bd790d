// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDaemonSocket } from '../../../src/daemon/daemon-socket.ts';
import { type StopWorld, stopDaemon } from '../../../src/daemon/stop-daemon.ts';

let directory: string;
let claims: boolean[];
let happened: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'xlvs-stop-'));
  happened = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

const path = () => join(directory, 'run', 'socket');

/** `claims`: whether the place is free, asked one after the other; the last stays. */
const world = (...answers: boolean[]): StopWorld => {
  claims = answers;
  return {
    control: {
      claimDaemon: () => {
        const isFree = claims.length > 1 ? claims.shift() : claims[0];
        return isFree ? { release: () => void happened.push('release') } : undefined;
      },
      daemonSocketPath: path,
    },
    kill: (pid) => void happened.push(`kill ${pid}`),
  };
};

const daemon = () => openDaemonSocket(path(), async () => ({ pid: 7, verdict: 'here', lines: [] }));

test('without a daemon its place is taken and nobody is killed', async () => {
  const { pid, release } = await stopDaemon(world(true), '/pins');
  release();
  expect([pid, happened]).toEqual([undefined, ['release']]);
});

test('a daemon is told to end, and its place taken when it has', async () => {
  const socket = await daemon();
  const { pid } = await stopDaemon(world(false, false, true), '/pins');
  expect([pid, happened]).toEqual([7, ['kill 7']]);
  await socket.close();
});

test('a daemon that does not end is an error with its pid', async () => {
  const socket = await daemon();
  await expect(stopDaemon(world(false), '/pins', 120)).rejects.toThrow('the daemon (pid 7) does not end');
  await socket.close();
});

test('a daemon that cannot be named is never guessed at', async () => {
  await expect(stopDaemon(world(false), '/pins')).rejects.toThrow('a daemon holds /pins but is not ready yet');
  expect(happened).toEqual([]);
});

test('what a killed daemon left of its socket goes', async () => {
  mkdirSync(join(directory, 'run'));
  writeFileSync(path(), '');
  await stopDaemon(world(true), '/pins');
  expect(existsSync(join(directory, 'run'))).toBe(false);
});
