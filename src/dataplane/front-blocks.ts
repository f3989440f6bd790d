// SPDX-License-Identifier: MIT
// How the array in front of the connection table (bpf/front.h) is shared out: a block for each CPU, all together with
// room for both halves of as many connections as the config has copies, since a card spreads its flows over the CPUs.
import { readFileSync } from 'node:fs';

const ONLINE_CPUS = '/sys/devices/system/cpu/online';

/** Of a list like `0-3,8-11`: one more than its highest number. */
export function cpusUpTo(list: string): number {
  return Math.max(...list.split(/[-,]/).map(Number)) + 1;
}

/** A CPU that comes later has none, and asks the table itself. */
export function blocks(): number {
  return cpusUpTo(readFileSync(ONLINE_CPUS, 'utf8'));
}

/** Entries of the kernel's map for each of so many blocks; a set has room for a connection's two halves. */
export function setsPerBlock(copies: number, among = blocks()): number {
  return Math.ceil(copies / among);
}
