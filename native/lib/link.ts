// SPDX-License-Identifier: MIT
// Contract of Link and xdpQuery, which are implemented in src/link.cpp and src/xdp.cpp.
import type { Program } from './program.ts';

/** In the driver, in the stack after the driver, or on the card. */
export type XdpMode = 'native' | 'generic' | 'offload';

export interface LinkInfo {
  id: number;
  programId: number;
  /** 0: the device is gone, or the link was detached. */
  ifindex: number;
  /** `BPF_LINK_TYPE_*` */
  type: number;
}

/**
 * A program on a device. Never collected as garbage: it stays until `close()` or the end of its thread, and beyond
 * both if pinned.
 */
export declare class Link {
  private constructor();

  /**
   * Without `mode` the kernel takes the driver's own where there is one. EBUSY: something is attached already;
   * EOPNOTSUPP: the driver has no such mode; ENODEV: no such device; EINVAL: not with this driver or MTU.
   */
  static attachXdp(program: Program, ifindex: number, options?: { mode?: XdpMode }): Link;
  /** EINVAL if the pin is no link. */
  static openPin(path: string): Link;

  readonly fd: number;
  /** Replaces the program, atomically; with `expected`, EPERM unless that one is attached now. ENOLINK: device gone. */
  update(program: Program, expected?: Program): void;
  /** Takes the program off the device, whatever else still refers to the link. */
  detach(): void;
  pin(path: string): void;
  info(): LinkInfo;

  /** Idempotent. Detaches unless the link is pinned or another handle refers to it. */
  close(): void;
  [Symbol.dispose](): void;
}
