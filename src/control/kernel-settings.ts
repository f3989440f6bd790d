// SPDX-License-Identifier: MIT
// Kernel settings that xlvs changes while it is up, noted in the journal with what stood there before: devices accept packets from
// the router's own addresses. Such is, on a private one, a server's reply, rewritten already, that the kernel is to fragment; with
// snat, on any, a client's packet for a server whose neighbour the kernel is to resolve.
import type { DataPlane } from '../dataplane/data-plane.ts';
import { readDevice } from '../machine/read-device.ts';
import { deviceSetting, readSysctl, sysctlName, writeSysctl } from '../machine/sysctl.ts';
import type { Config } from '../model/model.ts';
import { readJournal, writeJournal } from './machine-journal.ts';

/** `path` as src/machine/sysctl.ts has it. */
export interface KernelSetting {
  readonly path: string;
  readonly before: string;
}

const ON = '1';

function wantedPaths(config: Config): string[] {
  const hasSnat = config.services.some(({ snat }) => snat);
  const inside = config.interfaces.filter(({ role }) => hasSnat || role === 'private');
  return inside.map(({ device }) => deviceSetting(readDevice(device)?.name ?? device, 'accept_local'));
}

/** Sets what this config needs, and sets back what it no longer does. */
export function placeSettings(router: DataPlane, config: Config): void {
  const journal = readJournal(router);
  const noted = journal.settings ?? [];
  const paths = wantedPaths(config);
  const added = paths
    .filter((path) => !noted.some((setting) => setting.path === path))
    .map((path) => ({ path, before: readSysctl(path) ?? ON }))
    .filter(({ before }) => before !== ON);
  const settings = [...noted.filter(({ path }) => paths.includes(path)), ...added];
  // on paper first, as with addresses
  writeJournal(router, { ...journal, settings: [...noted, ...added] });
  for (const { path } of settings) if (readSysctl(path) !== undefined) writeSysctl(path, ON);
  restoreSettings(noted.filter((setting) => !settings.includes(setting)));
  writeJournal(router, { ...readJournal(router), settings });
}

/** Puts back what stood there, unless somebody changed it since. Returns the settings' names. */
export function restoreSettings(settings: readonly KernelSetting[]): string[] {
  const ours = settings.filter(({ path }) => readSysctl(path) === ON);
  for (const { path, before } of ours) writeSysctl(path, before);
  return ours.map(({ path }) => sysctlName(path));
}
