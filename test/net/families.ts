// SPDX-License-Identifier: MIT
// Both families side by side: the VIP of each, on the same interfaces.
import { ipv6Of } from '../../src/lab/topology.ts';
import { type RigConfig, VIP } from './rig.ts';

export const VIP6 = ipv6Of(VIP);

/** `url` is `vip` as it stands in a URL; `of` gives the family's address of a machine that has this one of IPv4. */
export const FAMILIES = [
  { family: 'IPv4', vip: VIP, url: VIP, of: (address: string) => address },
  { family: 'IPv6', vip: VIP6, url: `[${VIP6}]`, of: ipv6Of },
];

/** A rig of these wants `ipv6: true`. */
export const BOTH_FAMILIES: NonNullable<RigConfig['interfaces']> = [
  { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, `${VIP6}/64`] },
  { device: 'prv0', role: 'private' },
];
