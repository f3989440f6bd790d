// SPDX-License-Identifier: MIT
// The addresses that devices have. Changes none.
import { ipError, NO_DEVICE, parseIpJson, tryIp } from './iproute.ts';

export interface DeviceAddress {
  readonly device: string;
  /** canonical */
  readonly address: string;
  /** prefix length */
  readonly length: number;
  /** whether the kernel removes it together with the first address of its network, unless told to promote it */
  readonly secondary: boolean;
}

/** One object of `ip -json address show`. */
export interface IpAddresses {
  readonly ifname: string;
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen: number; readonly secondary?: boolean }[];
}

/** The addresses of one device or of all; none for a device that does not exist. Throws XlvsError. */
export function readAddresses(device?: string): DeviceAddress[] {
  const args = ['-json', 'address', 'show', ...(device === undefined ? [] : ['dev', device])];
  const answer = tryIp(args);
  if (answer.ok) return parseIpJson<IpAddresses>(answer.output).flatMap(addressesOf);
  if (NO_DEVICE.test(answer.reason)) return [];
  throw ipError(args.join(' '), answer.reason);
}

/** What `ip` says about one device's addresses. */
export function addressesOf(device: IpAddresses): DeviceAddress[] {
  return (device.addr_info ?? []).flatMap(({ local, prefixlen, secondary }) =>
    local === undefined
      ? []
      : [{ device: device.ifname, address: local, length: prefixlen, secondary: secondary === true }],
  );
}
