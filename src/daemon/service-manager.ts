// SPDX-License-Identifier: MIT
// sd_notify by way of systemd-notify(1): Node.js has no unix datagram sockets. Without a service manager nothing happens.
import { execFile } from 'node:child_process';

/**
 * Tells the service manager `state`, e.g. `READY=1`. The message comes from a child process: the unit says
 * NotifyAccess=all. Failures are the service manager's to notice (it waits for READY=1).
 */
export function notifyServiceManager(env: Readonly<Record<string, string | undefined>>, state: string): void {
  if (env.NOTIFY_SOCKET === undefined) return;
  execFile('systemd-notify', [state], { timeout: 5_000, env }, () => undefined);
}

/** Milliseconds between two signs of life the service manager asks for (half its limit); `undefined`: none asked. */
export function watchdogInterval(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const limit = Number(env.WATCHDOG_USEC);
  return limit > 0 ? limit / 1000 / 2 : undefined;
}
