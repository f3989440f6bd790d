// SPDX-License-Identifier: MIT
// The network devices of this namespace, as netlink tells them. Never from /sys/class/net, which keeps showing the
// namespace in which /sys was mounted.
import { driverName, ethtoolFlags } from 'libbpf-ts';
import { type Device, deviceOf, type Hardware, type IpLink } from './device.ts';
import { ipError, ipJson, NO_DEVICE, parseIpJson, tryIp } from './iproute.ts';

/** ETH_FLAG_RXVLAN (linux/ethtool.h) */
const RECEIVES_WITHOUT_TAGS = 1 << 8;

const hardwareOf = (name: string): Hardware => ({
  driver: driverName(name),
  stripsTags: ((ethtoolFlags(name) ?? 0) & RECEIVES_WITHOUT_TAGS) !== 0,
});

/** The device of that name or alternative name; `undefined` when there is none. Throws XlvsError. */
export function readDevice(name: string): Device | undefined {
  const args = ['-json', '-details', 'link', 'show', 'dev', name];
  const answer = tryIp(args);
  if (!answer.ok && NO_DEVICE.test(answer.reason)) return undefined;
  if (!answer.ok) throw ipError(args.join(' '), answer.reason);
  const link = parseIpJson<IpLink>(answer.output)[0];
  return link && deviceOf(link, hardwareOf(link.ifname));
}

/** All devices, by ascending ifindex. Throws XlvsError. */
export function readDevices(): Device[] {
  const links = ipJson<IpLink>(['-details', 'link', 'show']);
  return links.map((link) => deviceOf(link, hardwareOf(link.ifname))).sort((a, b) => a.ifindex - b.ifindex);
}
