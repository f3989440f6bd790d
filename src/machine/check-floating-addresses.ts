// SPDX-License-Identifier: MIT
// Whether the config's floating addresses are free to be added.
import type { Config } from '../model/model.ts';
import { parsePrefix } from '../net/prefix.ts';
import { findDevice } from './device.ts';
import type { DeviceAddress } from './device-address.ts';
import type { Finding } from './finding.ts';
import type { FloatingAddress } from './floating-address.ts';
import type { MachineFacts } from './machine-facts.ts';

/**
 * One that the device itself has already is fine: it stays, also after `down`. So is one that xlvs `placed` on another
 * device: it moves. A device that is not there is a finding of its own.
 */
export function checkFloatingAddresses(
  config: Config,
  { devices, addresses }: MachineFacts,
  placed: readonly FloatingAddress[] = [],
): Finding[] {
  const strangers = addresses.filter((one) => !placed.some((own) => isSame(own, one)));
  return config.interfaces.flatMap(({ device, addresses: floating }) => {
    const name = findDevice(devices, device)?.name;
    if (name === undefined) return [];
    return floating.flatMap((cidr) => {
      const address = parsePrefix(cidr)?.address;
      const elsewhere = strangers.find((other) => other.address === address && other.device !== name);
      return elsewhere ? [taken(name, elsewhere.device, `${elsewhere.address}/${elsewhere.length}`)] : [];
    });
  });
}

function isSame(placed: FloatingAddress, { device, address, length }: DeviceAddress): boolean {
  return placed.device === device && placed.address === `${address}/${length}`;
}

function taken(device: string, owner: string, cidr: string): Finding {
  const what = `its address ${cidr.slice(0, cidr.indexOf('/'))} is already on ${owner}`;
  return { where: device, what, cure: `ip address del ${cidr} dev ${owner}` };
}
