// SPDX-License-Identifier: MIT
// The configs a router remembers: the one applied last, by whatever command, and the daemon's file, which its next
// reload is compared with.
import type { DataPlane, WantedInterface } from '../dataplane/data-plane.ts';
import { KernelDataPlane } from '../dataplane/kernel-data-plane.ts';
import { hasPins } from '../dataplane/pins.ts';
import type { FloatingAddress } from '../machine/floating-address.ts';
import type { Config } from '../model/model.ts';
import { readJournal } from './machine-journal.ts';
import { routerDevices } from './router-devices.ts';

/** The config applied last: by the daemon (`file`), or by whatever command (`applied`). */
export function readApplied(router: DataPlane, which: 'applied' | 'file' = 'applied'): Config | undefined {
  const text = router.readDocument(which);
  return text === undefined ? undefined : (JSON.parse(text) as Config);
}

/** What a command applies is an edit like any other: the daemon goes on comparing its file with its file. */
export function noteApplied(router: DataPlane, applied: Config, file: Config | undefined): void {
  const fileNow = file ?? readApplied(router, 'file') ?? applied;
  const wanted: WantedInterface[] = routerDevices(applied).map(({ device, record, target }) => ({
    device,
    role: record.role,
    ...(record.vlan && { port: target.device }),
  }));
  router.writeDocument('interfaces', JSON.stringify(wanted));
  router.writeDocument('file', JSON.stringify(fileNow));
  router.writeDocument('applied', JSON.stringify(applied));
}

/** What a router remembers of the time before; nothing where none runs. */
export interface Memory {
  readonly applied?: Config | undefined;
  readonly file?: Config | undefined;
  readonly placed: readonly FloatingAddress[];
}

export function remember(pins: string): Memory {
  if (!hasPins(pins)) return { placed: [] };
  const router = KernelDataPlane.open(pins);
  try {
    return {
      applied: readApplied(router),
      file: readApplied(router, 'file'),
      placed: readJournal(router).addresses,
    };
  } finally {
    router.close();
  }
}
