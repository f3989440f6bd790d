// SPDX-License-Identifier: MIT
// Contract of NetlinkMonitor, which is implemented in src/netlink_monitor.cpp.

export interface NetlinkMessage {
  /** `RTM_*` */
  type: number;
  /** What follows the message's header, in host byte order: for `RTM_NEWLINK` a `struct ifinfomsg` and its attributes. */
  payload: Uint8Array;
}

export interface NetlinkMonitorOptions {
  /** Notices were lost because they came faster than they were read: look at the whole state again. */
  onOverrun?: () => void;
}

/**
 * Hears what the kernel tells about links, addresses, routes and neighbours of the network namespace that the thread is
 * in when it opens the monitor. Never collected as garbage.
 */
export declare class NetlinkMonitor {
  /** @param groups numbers of multicast groups, `RTNLGRP_*`: 1 links, 3 neighbours, 5 IPv4 addresses, 7 IPv4 routes … */
  constructor(groups: number[], onMessage: (message: NetlinkMessage) => void, options?: NetlinkMonitorOptions);

  /** Keeps the process running (the default), or no longer does. */
  ref(): void;
  unref(): void;

  /** Idempotent, also from within `onMessage`. */
  close(): void;
  [Symbol.dispose](): void;
}
