// SPDX-License-Identifier: MIT
// Hears from the kernel what may change where packets have to go, and says so at most every 20 ms. Reads no state.
import { NetlinkMonitor } from 'libbpf-ts';
import { type MachineChange, RtnetlinkChanges } from './rtnetlink-change.ts';

export interface MachineWatch {
  /** Idempotent; `onChange` is not called any more. */
  close(): void;
}

const GATHER_MS = 20;

/** RTNLGRP_*: links, neighbours, then addresses, routes and rules of IPv4 and of IPv6, nexthop objects. */
const GROUPS = [1, 3, 5, 7, 8, 9, 11, 19, 32];

const EVERYTHING: readonly MachineChange[] = ['link', 'address', 'route', 'neighbour'];

/**
 * Calls back once for each kind of change among those of 20 ms. When the kernel had to drop notices, everything counts as
 * changed. A neighbour counts when its MAC did, or when it is first heard of. Keeps the process running. Throws BpfError.
 */
export function watchMachine(onChange: (what: MachineChange) => void): MachineWatch {
  const changes = new RtnetlinkChanges();
  const gathered = new Set<MachineChange>();
  let timer: NodeJS.Timeout | undefined;

  const tell = (): void => {
    timer = undefined;
    const kinds = [...gathered];
    gathered.clear();
    for (const kind of kinds) onChange(kind);
  };
  const gather = (kinds: readonly MachineChange[]): void => {
    for (const kind of kinds) gathered.add(kind);
    if (gathered.size > 0) timer ??= setTimeout(tell, GATHER_MS);
  };
  const onOverrun = (): void => {
    changes.clear();
    gather(EVERYTHING);
  };
  const monitor = new NetlinkMonitor(GROUPS, (message) => gather([changes.of(message) ?? []].flat()), { onOverrun });
  return {
    close: () => {
      monitor.close();
      clearTimeout(timer);
    },
  };
}
