// SPDX-License-Identifier: MIT
// `xlvs status` for people: one table per subject, in the order in which an operator asks.
import { fullTableCure } from '../control/words.ts';
import type { AttachedInterface, DataPlane, ReasonCounts, ServiceStatistics } from '../dataplane/data-plane.ts';
import { type Column, tableLines } from './text-table.ts';
import { keyText, persistenceText, serverText } from './words.ts';

const INTERFACES: readonly Column[] = [{ title: 'Interface' }, { title: 'Role' }, { title: 'XDP' }];

const SERVICES: readonly Column[] = [
  { title: 'Service' },
  { title: 'Scheduler' },
  { title: 'Persistence' },
  { title: 'Weight', align: 'right' },
  { title: 'Active', align: 'right' },
  { title: 'Inactive', align: 'right' },
];

const TABLES: readonly Column[] = [
  { title: 'Table' },
  { title: 'Entries', align: 'right' },
  { title: 'Capacity', align: 'right' },
  { title: 'Full', align: 'right' },
];

/** `daemon`: pid of the living daemon. */
export function statusLines(
  router: DataPlane,
  services: readonly ServiceStatistics[],
  daemon: number | null,
): string[] {
  const { drops, passes, events } = router.reasons();
  return [
    daemon === null ? 'Daemon: none (the data plane forwards without it)' : `Daemon: pid ${daemon}`,
    '',
    ...tableLines(
      INTERFACES,
      router.interfaces().map((one) => [one.device, one.role, attachmentText(one)]),
    ),
    '',
    ...tableLines(SERVICES, services.flatMap(serviceRows)),
    '',
    ...tableLines(TABLES, tableRows(router)),
    ...fullTableLines(router),
    '',
    ...reasonLines('Drops', drops),
    ...reasonLines('Passes to the kernel', passes),
    ...reasonLines('Events', events),
  ];
}

/** `native`; `native on eth0, VLAN 100` of a VLAN device. */
function attachmentText({ mode, port, vlans = [] }: AttachedInterface): string {
  const how = mode ?? 'not attached';
  return port === undefined ? how : `${how} on ${port}, VLAN ${vlans.join('.')}`;
}

function serviceRows({ name, key, scheduler, persistence, servers }: ServiceStatistics): string[][] {
  const head = [`${name}: ${keyText(key)}`, scheduler, persistenceText(persistence)];
  const rows = servers.map((server) => {
    const { weight, active, inactive } = server;
    return [`  -> ${serverText(server)}`, '', '', ...[weight, active, inactive].map(String)];
  });
  return [head, ...rows];
}

function tableRows(router: DataPlane): string[][] {
  return Object.entries(router.fill()).map(([table, { entries, capacity }]) => {
    const percent = capacity > 0 ? Math.floor((entries / capacity) * 100) : 0;
    return [table, String(entries), String(capacity), `${percent}%`];
  });
}

function fullTableLines(router: DataPlane): string[] {
  const full = Object.entries(router.fill()).filter(([, { entries, capacity }]) => capacity > 0 && entries >= capacity);
  return full.map(([table]) => `  ${table} is full: ${fullTableCure(table)}`);
}

/** What was counted at least once, most first. */
function reasonLines(title: string, counts: ReasonCounts): string[] {
  const seen = Object.entries(counts).filter(([, count]) => count > 0n);
  if (seen.length === 0) return [`${title}: none`];
  seen.sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
  const columns: Column[] = [{ title }, { title: 'Packets', align: 'right' }];
  if (title === 'Events') columns[1] = { title: 'Times', align: 'right' };
  return [
    ...tableLines(
      columns,
      seen.map(([reason, count]) => [`  ${reason}`, String(count)]),
    ),
  ];
}
