// SPDX-License-Identifier: MIT
// Adds and removes an address of a device. Whether it is ours to remove is for the caller to remember.
import { networkOf, parsePrefix } from '../net/prefix.ts';
import { type DeviceAddress, readAddresses } from './device-address.ts';
import { ip, ipError, tryIp } from './iproute.ts';
import { putBackRoutes, routeLines } from './route-lines.ts';
import { deviceSetting, writeSysctl } from './sysctl.ts';

/** An address that xlvs puts on a device. */
export interface FloatingAddress {
  readonly device: string;
  /** with its prefix length: `192.0.2.10/24` */
  readonly address: string;
}

/**
 * An IPv6 address would be of no use for a second, while the kernel asks whether somebody else has it. And the one added last
 * would be the source of all that the router sends, masqueraded connections too: it is to move away, and its ports are services'.
 */
const IPV6_OPTIONS = ['nodad', 'preferred_lft', '0'];

/** Makes `address/length` an address of the device; `present` when it is one already. Throws XlvsError. */
export function addAddress(device: string, cidr: string): 'added' | 'present' {
  if (addressOn(device, cidr)) return 'present';
  const args = ['address', 'add', cidr, 'dev', device, ...(cidr.includes(':') ? IPV6_OPTIONS : [])];
  const answer = tryIp(args);
  if (answer.ok) return 'added';
  if (addressOn(device, cidr)) return 'present';
  throw ipError(args.join(' '), answer.reason);
}

/**
 * Takes `address/length` from the device, and nothing else; `absent` when it has none. With the last address of a device
 * the kernel drops all routes through it: those that can be without the address are put back. Throws XlvsError.
 */
export function removeAddress(device: string, cidr: string): 'removed' | 'absent' {
  const own = addressOn(device, cidr);
  if (!own) return 'absent';
  const routes = routeLines();
  if (hasSecondaries(own)) removePromoting(own);
  else ip(['address', 'del', cidr, 'dev', own.device]);
  putBackRoutes(routes);
  return 'removed';
}

function addressOn(device: string, cidr: string): DeviceAddress | undefined {
  const wanted = parsePrefix(cidr);
  if (!wanted) throw new RangeError(`${JSON.stringify(cidr)} is not an address/length`);
  return readAddresses(device).find(({ address, length }) => address === wanted.address && length === wanted.length);
}

/** Whether the kernel would take other addresses of the same network away with this one. */
function hasSecondaries(own: DeviceAddress): boolean {
  if (own.secondary) return false;
  const network = networkOf(own.address, own.length);
  return readAddresses(own.device).some(
    ({ address, length, secondary }) => secondary && length === own.length && networkOf(address, length) === network,
  );
}

/** Somebody else's secondary addresses outlive the removal of ours only while the device promotes them. */
function removePromoting({ device, address, length }: DeviceAddress): void {
  const setting = deviceSetting(device, 'promote_secondaries');
  const before = writeSysctl(setting, '1');
  try {
    ip(['address', 'del', `${address}/${length}`, 'dev', device]);
  } finally {
    writeSysctl(setting, before);
  }
}
