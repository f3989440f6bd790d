// SPDX-License-Identifier: MIT
// The columns services and servers share: connections now, and what was counted, under ipvsadm's titles.
import type { Counters } from '../dataplane/data-plane.ts';
import type { Column } from './text-table.ts';

export const COUNTER_COLUMNS: readonly Column[] = [
  'Active',
  'Inactive',
  'Conns',
  'InPkts',
  'OutPkts',
  'InBytes',
  'OutBytes',
].map((title) => ({ title, align: 'right' }));

export function counterCells(active: number, inactive: number, counters: Counters): string[] {
  const { connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes } = counters;
  return [active, inactive, connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes].map(String);
}
