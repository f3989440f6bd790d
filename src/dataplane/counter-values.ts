// SPDX-License-Identifier: MIT
// Arithmetic on a server's counters.
import type * as abi from '../abi/index.ts';

export const NO_COUNTERS: abi.ServerCounters = {
  connections: 0n,
  incomingPackets: 0n,
  incomingBytes: 0n,
  outgoingPackets: 0n,
  outgoingBytes: 0n,
};

export function addCounters(a: abi.ServerCounters, b: abi.ServerCounters): abi.ServerCounters {
  return {
    connections: a.connections + b.connections,
    incomingPackets: a.incomingPackets + b.incomingPackets,
    incomingBytes: a.incomingBytes + b.incomingBytes,
    outgoingPackets: a.outgoingPackets + b.outgoingPackets,
    outgoingBytes: a.outgoingBytes + b.outgoingBytes,
  };
}
