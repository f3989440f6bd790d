// SPDX-License-Identifier: MIT
// The daemon in this process, with the real control and signals.

import { resume } from '../control/bring-up.ts';
import { daemonSocketPath } from '../control/daemon-socket-path.ts';
import { openRouter, reload } from '../control/reload.ts';
import { restoreAttachments } from '../control/restore.ts';
import { claimDaemon, tryPinsLock } from '../control/router-lock.ts';
import type { DaemonOptions } from '../daemon/daemon-options.ts';
import { runDaemon } from '../daemon/run-daemon.ts';
import { notifyServiceManager } from '../daemon/service-manager.ts';
import { freePages } from '../machine/free-memory.ts';
import { watchMachine } from '../machine/watch-machine.ts';

export function runRealDaemon(options: DaemonOptions): Promise<void> {
  const control = {
    claimDaemon,
    resume,
    reload,
    restoreAttachments,
    tryPinsLock,
    openRouter,
    watchMachine,
    daemonSocketPath,
  };
  return runDaemon(
    { control, env: process.env, pid: process.pid, freePages: () => freePages(), onSignal, notify },
    options,
  );
}

function onSignal(signal: NodeJS.Signals, handler: () => void): () => void {
  process.on(signal, handler);
  return () => void process.off(signal, handler);
}

function notify(state: string): void {
  notifyServiceManager(process.env, state);
}
