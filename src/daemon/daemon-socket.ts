// SPDX-License-Identifier: MIT
// The daemon's unix socket: takes a request, has it done, answers. Only root may write to it (mode 0600).
import { chmodSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { XlvsError } from '../model/xlvs-error.ts';
import { type Answer, decodeRequest, encode, REQUEST_LIMIT, type Request } from './protocol.ts';

/** How long a connection may stand open without a request. */
const REQUEST_PATIENCE_MS = 5_000;

export interface DaemonSocket {
  close(): Promise<void>;
}

/** The caller holds the daemon's claim: a socket found at `path` is a dead daemon's and is replaced. */
export async function openDaemonSocket(
  path: string,
  act: (request: Request) => Promise<Answer>,
): Promise<DaemonSocket> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  rmSync(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    serve(socket, act);
  });
  await listen(server, path);
  const end = async () => {
    await close(server, open);
    removeDaemonSocket(path);
  };
  return { close: end };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (error) => {
      reject(new XlvsError('busy', `cannot listen at ${path}: ${error.message}`, 'is /run writable?', error));
    });
    // Nobody can connect before listen() returns to the event loop, so the mode is set in time.
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  });
}

function serve(socket: Socket, act: (request: Request) => Promise<Answer>): void {
  let text = '';
  let isTaken = false;
  socket.setTimeout(REQUEST_PATIENCE_MS, () => isTaken || socket.destroy());
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('end', () => isTaken || socket.destroy());
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (isTaken || (!text.includes('\n') && text.length <= REQUEST_LIMIT)) return;
    isTaken = true;
    const request = decodeRequest(text);
    if (!request) return void socket.destroy();
    void act(request).then((answer) => socket.end(encode(answer)));
  });
}

/** Removes a socket nobody listens at any more, and its directory with the last one. */
export function removeDaemonSocket(path: string): void {
  rmSync(path, { force: true });
  try {
    rmdirSync(dirname(path));
  } catch {
    // not the last one, or not there
  }
}

/** Who still waits for an answer gets none. */
function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of open) socket.destroy();
  });
}
