// SPDX-License-Identifier: MIT
// Stops the daemon of some pins and takes its place, so that no other one starts while the pins are taken down.
import { setTimeout as pause } from 'node:timers/promises';
import { XlvsError } from '../model/xlvs-error.ts';
import { askDaemon } from './ask-daemon.ts';
import { removeDaemonSocket } from './daemon-socket.ts';
import type { DaemonControl } from './daemon-world.ts';

export interface StopWorld {
  readonly control: Pick<DaemonControl, 'claimDaemon' | 'daemonSocketPath'>;
  kill(pid: number): void;
}

export interface StoppedDaemon {
  /** undefined: there was none */
  readonly pid: number | undefined;
  /** gives the place back */
  release(): void;
}

const LIMIT_MS = 15_000;
const PAUSE_MS = 50;
const PATIENCE_MS = 2_000;

/** Throws XlvsError when a daemon holds the pins and cannot be named or does not end within `limit` milliseconds. */
export async function stopDaemon(world: StopWorld, pins: string, limit = LIMIT_MS): Promise<StoppedDaemon> {
  const free = takePlace(world, pins, undefined);
  if (free) return free;
  const pid = await daemonOf(world, pins);
  world.kill(pid);
  for (const end = Date.now() + limit; Date.now() < end; await pause(PAUSE_MS)) {
    const stopped = takePlace(world, pins, pid);
    if (stopped) return stopped;
  }
  throw new XlvsError('busy', `the daemon (pid ${pid}) does not end`, `kill -9 ${pid}, then try again`);
}

/** `undefined` while a daemon has it. A daemon that was killed left its socket: that goes too. */
function takePlace({ control }: StopWorld, pins: string, pid: number | undefined): StoppedDaemon | undefined {
  const claim = control.claimDaemon(pins);
  if (!claim) return undefined;
  removeDaemonSocket(control.daemonSocketPath(pins));
  return { pid, release: () => claim.release() };
}

/** Its own word: a pid kept in the pins may be another process by now. */
async function daemonOf({ control }: StopWorld, pins: string): Promise<number> {
  const answer = await askDaemon(control.daemonSocketPath(pins), { request: 'who' }, PATIENCE_MS);
  if (answer) return answer.pid;
  throw new XlvsError('busy', `a daemon holds ${pins} but is not ready yet`, 'stop it with SIGTERM, or try again');
}
