// SPDX-License-Identifier: MIT
// A new file for a running router: what differs from the file before, or everything as the file says.
import { KernelDataPlane } from '../dataplane/kernel-data-plane.ts';
import type { Config } from '../model/model.ts';
import { bringUp, resume } from './bring-up.ts';
import type { UpOptions } from './options.ts';

/**
 * Brings what differs between the file applied last and this one. Returns what changed, one line each. The old file is
 * read from the pins, so that it is right also for a daemon that started after it was applied.
 */
export async function reload(to: Config, options: UpOptions): Promise<readonly string[]> {
  return (await resume(to, options)).changes;
}

/** Makes everything as the file says, drains and edits undone. Returns what changed, one line each. */
export async function applyFile(config: Config, options: UpOptions): Promise<readonly string[]> {
  return (await bringUp(config, options)).changes;
}

/** The router under `pins`. Throws XlvsError `missing` when there is none. */
export function openRouter(pins: string): KernelDataPlane {
  return KernelDataPlane.open(pins);
}
