// SPDX-License-Identifier: MIT
// A command's use of the running data plane: opened, used, closed.
import type { DataPlane } from '../dataplane/data-plane.ts';
import type { Call } from './command.ts';
import type { Control, World } from './world.ts';

/** To look at it. */
export async function withRouter<T>(
  world: World,
  { pins }: Call,
  use: (router: DataPlane) => T | Promise<T>,
): Promise<T> {
  return useRouter(await world.control(), pins, use);
}

/** To change it: nobody else changes it meanwhile. */
export async function withLockedRouter<T>(
  world: World,
  { pins }: Call,
  use: (router: DataPlane, control: Control) => T | Promise<T>,
): Promise<T> {
  const control = await world.control();
  // The lock is on what is pinned there: without pins, say so.
  control.openRouter(pins).close();
  return control.withPinsLock(pins, () => useRouter(control, pins, (router) => use(router, control)));
}

async function useRouter<T>(control: Control, pins: string, use: (router: DataPlane) => T | Promise<T>): Promise<T> {
  const router = control.openRouter(pins);
  try {
    return await use(router);
  } finally {
    router.close();
  }
}
