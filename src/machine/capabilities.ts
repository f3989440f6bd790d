// SPDX-License-Identifier: MIT
// What the kernel lets this process do, beyond what its user may.
import { readFileSync } from 'node:fs';

/** Numbers from linux/capability.h. */
const CAPABILITY = { CAP_NET_ADMIN: 12, CAP_NET_RAW: 13, CAP_SYS_ADMIN: 21, CAP_BPF: 39 } as const;
export type Capability = keyof typeof CAPABILITY;

/** A set of capabilities, a bit each. */
export type Capabilities = bigint;

/** The effective ones of this process. */
export function readCapabilities(): Capabilities {
  return capabilitiesIn(readFileSync('/proc/self/status', 'utf8'));
}

/** The effective ones in the text of /proc/PID/status. */
export function capabilitiesIn(status: string): Capabilities {
  const hex = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return BigInt(`0x${hex ?? '0'}`);
}

export function hasCapability(capabilities: Capabilities, capability: Capability): boolean {
  return ((capabilities >> BigInt(CAPABILITY[capability])) & 1n) === 1n;
}
