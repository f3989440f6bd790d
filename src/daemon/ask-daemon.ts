// SPDX-License-Identifier: MIT
// The other end of the daemon's socket. Does not know what a reload is.
import { connect } from 'node:net';
import { XlvsError } from '../model/xlvs-error.ts';
import { type Answer, decodeAnswer, encode, type Request } from './protocol.ts';

/** How long a daemon may take; a reload of a large config with many findings takes seconds. */
const PATIENCE_MS = 60_000;

const NOBODY = ['ENOENT', 'ECONNREFUSED'];

/** `undefined` when no daemon listens at `path`. Throws XlvsError when one does and does not answer. */
export function askDaemon(path: string, request: Request, patience = PATIENCE_MS): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(path);
    socket.setEncoding('utf8');
    socket.setTimeout(patience, () => socket.destroy());
    socket.on('connect', () => socket.end(encode(request)));
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (NOBODY.includes(error.code ?? '')) return resolve(undefined);
      reject(unreachable(error));
    });
    socket.on('close', () => {
      const answer = decodeAnswer(text);
      return answer ? resolve(answer) : reject(silent(path));
    });
  });
}

function unreachable(error: NodeJS.ErrnoException): XlvsError {
  if (error.code === 'EACCES')
    return new XlvsError('refused', 'the daemon listens to root alone', 'run as root', error);
  return new XlvsError('busy', `the daemon cannot be reached: ${error.message}`, 'see its log', error);
}

function silent(path: string): XlvsError {
  return new XlvsError('busy', `the daemon at ${path} did not answer`, 'see its log, then try again');
}
