// SPDX-License-Identifier: MIT
// Changes of a running router: a new file, a file applied whole, attachments that were lost.
import { KernelDataPlane } from '../dataplane/kernel-data-plane.ts';
import { linkedDevices, linkIfindex } from '../dataplane/links.ts';
import { readDevice } from '../machine/read-device.ts';
import type { Config } from '../model/model.ts';
import { bringUp, resume } from './bring-up.ts';
import type { UpOptions } from './options.ts';
import { refreshDevices } from './router-devices.ts';
import { withPinsLock } from './router-lock.ts';

/** Brings what differs between the two files. Returns what changed, one line each. */
export async function reload(_from: Config, to: Config, options: UpOptions): Promise<readonly string[]> {
  // the file applied last stands in the pins, also for a daemon that started after it was applied
  return (await resume(to, options)).changes;
}

/** Makes everything as the file says, drains and edits undone. Returns what changed, one line each. */
export async function applyFile(config: Config, options: UpOptions): Promise<readonly string[]> {
  return (await bringUp(config, options)).changes;
}

/** Interfaces of the config whose link is gone, or holds on to a device that is. */
function lostDevices(pins: string, config: Config): string[] {
  const linked = new Set(linkedDevices(pins));
  return config.interfaces
    .filter(({ device }) => {
      const found = readDevice(device);
      return found !== undefined && (!linked.has(device) || linkIfindex(pins, device) !== found.ifindex);
    })
    .map(({ device }) => device);
}

/**
 * Attaches again what was lost and puts its addresses back; follows devices whose MAC or MTU changed. Returns what
 * changed, one line each. While a device is missing there is nothing to do: it will come with an event of its own.
 */
export async function restoreAttachments(config: Config, options: UpOptions): Promise<readonly string[]> {
  const lost = lostDevices(options.pins, config);
  const missing = config.interfaces.filter(({ device }) => !readDevice(device));
  if (missing.length > 0) return [];
  if (lost.length > 0) return (await resume(config, options)).changes;
  return withPinsLock(options.pins, () => followDevices(config, options.pins));
}

function followDevices(config: Config, pins: string): string[] {
  const router = openRouter(pins);
  try {
    return refreshDevices(router, config) ? ['~ interfaces: MAC or MTU changed'] : [];
  } finally {
    router.close();
  }
}

/** The router under `pins`. Throws XlvsError `missing` when there is none. */
export function openRouter(pins: string): KernelDataPlane {
  return KernelDataPlane.open(pins);
}
