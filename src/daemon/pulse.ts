// SPDX-License-Identifier: MIT
// The daemon's regular doings: a sign of life for the data plane, another for the service manager, and every so often a
// look whether all is still there.
import type { Logger } from 'pino';
import { illness } from '../metrics/health.ts';
import type { DaemonWorld } from './daemon-world.ts';
import { FullTableWatch } from './full-table-watch.ts';
import type { Keeper } from './keeper.ts';
import type { RouterHandle } from './router-handle.ts';
import { watchdogInterval } from './service-manager.ts';

/** The data plane takes a daemon for gone after 30 s. */
export const BEAT_MS = 5_000;
/** IPVS measures memory as often. */
const MEMORY_MS = 1_000;
const BEATS_PER_INSPECTION = 6;

/** Starts at once; returns what stops it. */
export function startPulse(world: DaemonWorld, router: RouterHandle, keeper: Keeper, log: Logger): () => void {
  const tables = new FullTableWatch(log);
  let beats = 0;
  const beat = () => {
    const isDue = beats++ % BEATS_PER_INSPECTION === BEATS_PER_INSPECTION - 1;
    if (isDue || !isWell(world, router, tables)) void keeper.restore();
  };
  beat();
  const timers = [setInterval(beat, BEAT_MS), setInterval(() => isAlive(world, router), MEMORY_MS)];
  const watchdog = watchdogInterval(world.env);
  if (watchdog) timers.push(setInterval(() => world.notify('WATCHDOG=1'), watchdog));
  return () => timers.forEach(clearInterval);
}

/** False when the data plane did not hear of it. */
function isAlive(world: DaemonWorld, { current }: RouterHandle): boolean {
  try {
    current?.heartbeat(world.pid, world.freePages());
    return true;
  } catch {
    return false;
  }
}

function isWell(world: DaemonWorld, router: RouterHandle, tables: FullTableWatch): boolean {
  try {
    if (!isAlive(world, router)) return false;
    if (router.current) tables.look(router.current);
    return illness(router.current) === undefined;
  } catch {
    return false;
  }
}
