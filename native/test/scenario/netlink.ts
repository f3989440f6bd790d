// SPDX-License-Identifier: MIT
// Notices of devices that come and go, too many of them, and what can be asked about a device.
import { writeFileSync } from 'node:fs';
import { driverName, ethtoolFlags, ifIndex, ifName, NetlinkMonitor, xdpFeatures } from '../../lib/index.ts';
import { eventually, print, sh, veth } from './stage.ts';

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_NEWADDR = 20;
const RTNLGRP_LINK = 1;
const RTNLGRP_IPV4_IFADDR = 5;
const RXVLAN = ['off', 'on'];

const indexOf = (payload: Uint8Array): number => new DataView(payload.buffer, payload.byteOffset).getInt32(4, true);

const messages: { type: number; index: number }[] = [];
const seen =
  (type: number): (() => number[]) =>
  () =>
    messages.filter((message) => message.type === type).map((message) => message.index);
const monitor = new NetlinkMonitor([RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR], ({ type, payload }) =>
  messages.push({ type, index: indexOf(payload) }),
);
const [a] = veth('left', 'right');
const added = await eventually(seen(RTM_NEWLINK), (list) => list.includes(a));
sh('ip address add 10.0.0.1/24 dev left');
const addressed = await eventually(seen(RTM_NEWADDR), (list) => list.includes(a));

const device = {
  index: ifIndex('left') === a,
  name: ifName(a) ?? '',
  driver: driverName('left') ?? '',
  takesTagsOut: RXVLAN.map((state) => {
    sh(`ethtool -K left rxvlan ${state}`);
    return ((ethtoolFlags('left') ?? 0) >> 8) & 1;
  }),
  features: xdpFeatures(a)?.toString() ?? '',
};
sh('ip link delete left');
const deleted = await eventually(seen(RTM_DELLINK), (list) => list.includes(a));
const gone = {
  index: ifIndex('left') === undefined,
  name: ifName(a) === undefined,
  driver: driverName('left') === undefined,
  flags: ethtoolFlags('left') === undefined,
  features: xdpFeatures(a) === undefined,
};
monitor.close();

let overruns = 0;
const flooded = new NetlinkMonitor([RTNLGRP_IPV4_IFADDR], () => {}, { onOverrun: () => overruns++ });
const addresses = Array.from({ length: 8000 }, (_, i) => `address add 10.1.${i >> 8}.${i & 255}/32 dev lo\n`).join('');
writeFileSync('/mnt/batch', addresses);
sh('ip -batch /mnt/batch');
await eventually(
  () => overruns,
  (count) => count > 0,
);
flooded.close();

const facts = { a, added, addressed, deleted, device, gone, overruns };
print(facts);
export type Facts = typeof facts;
