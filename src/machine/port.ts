// SPDX-License-Identifier: MIT
// Where a device's frames are on the wire. XDP sees and sends those of a VLAN device at the port below it, tags and all.
import type { Device, VlanTag } from './device.ts';

export interface Port {
  /** itself, where a device has no tags */
  readonly device: Device;
  /** from the outside in */
  readonly tags: readonly VlanTag[];
}

/** `undefined`: what the device stands on is in another network namespace. */
export function portOf(device: Device, devices: readonly Device[]): Port | undefined {
  const tags: VlanTag[] = [];
  let below: Device | undefined = device;
  while (below?.tag) {
    tags.unshift(below.tag);
    const { link }: Device = below;
    below = devices.find(({ name }) => name === link);
  }
  return below && { device: below, tags };
}
