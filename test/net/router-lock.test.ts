// SPDX-License-Identifier: MIT
// While somebody changes the router the daemon changes nothing of it, and goes on living.
import { setTimeout as sleep } from 'node:timers/promises';
import { FileLock } from 'libbpf-ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import { readSettings } from '../../src/dataplane/settings-map.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { Rig } from './rig.ts';

let rig: Rig;
let daemon: LabProcess;
let router: KernelDataPlane;

beforeAll(async () => {
  rig = await Rig.create({ name: 'routerlock', servers: 1 });
  daemon = await rig.daemon();
  router = KernelDataPlane.open(rig.pins);
});

afterAll(async () => {
  router.close();
  await daemon.stop();
  rig.destroy();
});

const generation = (): number => readSettings(router.maps).generation;
/** Returns when it does not change any more. */
async function settled(): Promise<number> {
  for (let last = -1; last !== generation(); await sleep(500)) last = generation();
  return generation();
}

const learn = (last: number) =>
  rig.onRouter(`ip neighbour replace 10.0.0.99 lladdr 02:00:00:00:00:0${last} dev prv0 nud permanent`);

test('a change of a neighbour counts at once when nobody has the lock', async () => {
  const before = await settled();
  await learn(1);
  await expect.poll(generation, { timeout: 5_000 }).toBeGreaterThan(before);
});

test('and when somebody has it, as soon as it is free: nothing that was written meanwhile is undone', async () => {
  const before = await settled();
  const lock = FileLock.acquire(rig.pins);
  for (let last = 2; last < 7; last++) {
    await learn(last);
    await sleep(100);
    expect(generation()).toBe(before);
  }
  router.change({ timeouts: { tcp: 777, tcpfin: 120, udp: 300 } });
  lock?.release();
  await expect.poll(generation, { timeout: 5_000 }).toBeGreaterThan(before);
  expect(router.state().timeouts.tcp).toBe(777);
});

test('the daemon answers while somebody has it, and ends', async () => {
  const lock = FileLock.acquire(rig.pins);
  await learn(8);
  await sleep(100);
  const port = /"metricsPort":(\d+)/.exec(daemon.stdout)?.[1];
  expect(await rig.onRouter(`curl -sSf --max-time 5 http://127.0.0.1:${port}/healthz`)).toBe('ok\n');
  expect(await daemon.stop('SIGTERM')).toMatchObject({ status: 0 });
  lock?.release();
});
