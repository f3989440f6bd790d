// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askDaemon } from '../../../src/daemon/ask-daemon.ts';
import { type DaemonSocket, openDaemonSocket } from '../../../src/daemon/daemon-socket.ts';
import type { Request } from '../../../src/daemon/protocol.ts';

let directory: string;
let path: string;
let socket: DaemonSocket | undefined;

const act = async ({ request }: Request) => ({ pid: 7, verdict: 'applied' as const, lines: [request] });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'xlvs-socket-'));
  path = join(directory, 'below', 'socket');
});

afterEach(async () => {
  await socket?.close();
  socket = undefined;
  rmSync(directory, { recursive: true });
});

/** A file nobody listens at. */
const leaveBehind = () => {
  mkdirSync(dirname(path));
  writeFileSync(path, '');
};

/** All that comes back for `text`. */
const say = (text: string): Promise<string> =>
  new Promise((resolve) => {
    const parts: string[] = [];
    const client = connect(path, () => client.write(text));
    client.on('data', (chunk) => parts.push(String(chunk)));
    client.on('error', () => {});
    client.on('close', () => resolve(parts.join('')));
  });

describe('the daemon’s socket', () => {
  test('answers a request with one line', async () => {
    socket = await openDaemonSocket(path, act);
    expect(await askDaemon(path, { request: 'who' })).toEqual({ pid: 7, verdict: 'applied', lines: ['who'] });
    expect(await say('{"request":"reload"}\n')).toBe('{"pid":7,"verdict":"applied","lines":["reload"]}\n');
  });

  test('is root’s alone', async () => {
    socket = await openDaemonSocket(path, act);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('leaves nothing behind when it is closed', async () => {
    socket = await openDaemonSocket(path, act);
    await socket.close();
    expect(existsSync(dirname(path))).toBe(false);
  });

  test('takes the place of a dead daemon’s', async () => {
    leaveBehind();
    socket = await openDaemonSocket(path, act);
    expect(await askDaemon(path, { request: 'who' })).toMatchObject({ pid: 7 });
  });

  test.each(['nonsense\n', '{"request":"halt"}\n', '[]\n', 'x'.repeat(2000)])('hangs up on %j', async (text) => {
    socket = await openDaemonSocket(path, act);
    expect(await say(text)).toBe('');
  });
});

describe('asking', () => {
  test('where nobody listens is undefined', async () => {
    expect(await askDaemon(path, { request: 'who' })).toBeUndefined();
  });

  test('a daemon that is gone but left its socket is undefined', async () => {
    leaveBehind();
    expect(await askDaemon(path, { request: 'who' })).toBeUndefined();
  });

  test('one that never answers is an error', async () => {
    path = join(directory, 'mute');
    const mute = createServer(() => {}).listen(path);
    await expect(askDaemon(path, { request: 'who' }, 50)).rejects.toThrow('did not answer');
    mute.close();
  });
});
