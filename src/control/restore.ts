// SPDX-License-Identifier: MIT
// Puts back what a running router lost: attachments of devices that went and came back, floating addresses, the masquerade. Follows
// devices whose MAC or MTU changed. What commands changed in the data plane is not looked at.

import { KernelDataPlane } from '../dataplane/kernel-data-plane.ts';
import { linkedDevices, linkIfindex } from '../dataplane/links.ts';
import { loadRouter } from '../dataplane/loader.ts';
import { findDevice } from '../machine/device.ts';
import { readDevices } from '../machine/read-device.ts';
import type { Config } from '../model/model.ts';
import { ipv6Room } from '../model/uses-ipv6.ts';
import { readApplied } from './applied.ts';
import { placeSettings } from './kernel-settings.ts';
import { addressPlan, announceAddresses, holdNeighbours, placeAddresses } from './machine-journal.ts';
import { placeMasquerade } from './masquerade.ts';
import type { UpOptions } from './options.ts';
import { attachRouter, refreshAddresses, refreshDevices, routerDevices } from './router-devices.ts';
import { withPinsLock } from './router-lock.ts';

/** The config without the interfaces whose device is missing: they come back with an event of their own. */
function presentPart(config: Config): Config {
  const present = readDevices();
  return { ...config, interfaces: config.interfaces.filter(({ device }) => findDevice(present, device)) };
}

/** Whether a device of the config has no live link, or, a VLAN device that was made anew, is unknown to the data plane. */
function hasLostLink(pins: string, router: KernelDataPlane, config: Config): boolean {
  const linked = new Set(linkedDevices(pins).map((device) => linkIfindex(pins, device)));
  return routerDevices(config).some(({ target, record }) => {
    return !linked.has(target.ifindex) || (record.vlan && !router.maps.interfaces.get(record.ifindex));
  });
}

async function putBack(router: KernelDataPlane, config: Config, options: UpOptions): Promise<string[]> {
  const loaded = loadRouter(options.pins, options.objectFile, config.tables, ipv6Room(config));
  try {
    const { touched, mode } = attachRouter(options.pins, router, config, loaded);
    const { added } = placeAddresses(router, config);
    refreshAddresses(router, config);
    placeSettings(router, config);
    router.bumpGeneration();
    holdNeighbours(router, config);
    await announceAddresses(added);
    return [
      ...touched.map((device) => `~ interface ${device}: attached again (${mode})`),
      ...added.map(({ device, address }) => `+ address ${address} on ${device} again`),
    ];
  } finally {
    loaded.program.close();
  }
}

function follow(router: KernelDataPlane, config: Config): string[] {
  refreshAddresses(router, config);
  return refreshDevices(router, config).map((device) => `~ interface ${device}: MAC or MTU followed`);
}

/** Devices of the config that are not there now but were when the data plane was told last; told once. */
function warnOfGone(router: KernelDataPlane, config: Config, present: Config, { log }: UpOptions): void {
  if (router.maps.interfaces.size <= present.interfaces.length) return;
  for (const { device } of config.interfaces) {
    if (present.interfaces.some((one) => one.device === device)) continue;
    log.warn(`device ${device} is gone: xlvs attaches to it again when a device of that name appears`);
  }
}

/** Returns what was put back, one line each; nothing to do is an empty list. */
export function restoreAttachments(file: Config, options: UpOptions): Promise<readonly string[]> {
  return withPinsLock(options.pins, async () => {
    const router = KernelDataPlane.open(options.pins);
    try {
      // a command may have applied another file since
      const config = readApplied(router) ?? file;
      const present = presentPart(config);
      warnOfGone(router, config, present, options);
      const isLost = hasLostLink(options.pins, router, present) || addressPlan(router, present).added.length > 0;
      const lines = isLost ? await putBack(router, present, options) : follow(router, present);
      return [...lines, ...placeMasquerade(router, options.pins, config).map((line) => `${line} again`)];
    } finally {
      router.close();
    }
  });
}
