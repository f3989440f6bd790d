// SPDX-License-Identifier: MIT
// Contract of the functions about network devices, which are implemented in src/net_device.cpp and src/xdp.cpp.
// All look at the network namespace of the calling thread.
import type { XdpMode } from './link.ts';

export interface XdpAttachment {
  /** `undefined`: no program. */
  mode: XdpMode | undefined;
  /** 0: no program. */
  programId: number;
}

export interface NetDeviceFunctions {
  /** `undefined` when there is no device of this name. */
  ifIndex(name: string): number | undefined;
  /** `undefined` when there is no device of this index. */
  ifName(index: number): string | undefined;
  /** The driver, such as `veth` or `ixgbe`; `undefined` when the device does not exist or does not say. */
  driverName(device: string): string | undefined;
  /** `ETH_FLAG_*` bits (linux/ethtool.h): 1 << 8 is receiving without VLAN tags, 1 << 15 is LRO; `undefined` as above. */
  ethtoolFlags(device: string): number | undefined;
  /** The XDP program of a device; with several, the one that sees packets first. Throws ENODEV. */
  xdpQuery(ifindex: number): XdpAttachment;
  /** `NETDEV_XDP_ACT_*` bits of the driver (6.3+); `undefined` when kernel or device do not say. */
  xdpFeatures(ifindex: number): bigint | undefined;
  /** Sends one whole Ethernet frame (at least 14 bytes, no checksum at the end) out of a device. Needs CAP_NET_RAW. */
  sendFrame(ifindex: number, frame: Uint8Array): void;
}
