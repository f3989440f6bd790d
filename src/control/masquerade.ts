// SPDX-License-Identifier: MIT
// `masquerade: true`: what servers send on their own, in by a private device and out by a public one, leaves from the router's
// address. A table of nftables, noted in the journal before it is there; the pins' path names it, so that several routers may
// stand side by side.
//
// xlvs's own packets never come to it, but for those that it hands to the kernel rewritten: a reply from the VIP that is to be
// fragmented, with snat a packet for a server from the router. Both come in by a device with an address of the router's own as
// their source, which nobody else's do: they are kept from connection tracking, and so from any address translation. Before it
// reassembles fragments, too: of a datagram's fragments it would wait for those that XDP has sent on.
import type { DataPlane } from '../dataplane/data-plane.ts';
import { hasTable, type NftTable, nftDevice, putTable, removeTable } from '../machine/nftables.ts';
import { readDevice } from '../machine/read-device.ts';
import type { Config, Interface } from '../model/model.ts';
import { type Difference, formatDifference } from './diff.ts';
import { type MachineJournal, readJournal, writeJournal } from './machine-journal.ts';

/** The kernel's NF_IP_PRI_RAW_BEFORE_DEFRAG. */
const BEFORE_DEFRAGMENTATION = -450;

/** `xlvs/sys/fs/bpf/xlvs`. Whatever a table's name may not have stands in it by its code. */
export function masqueradeTableName(pins: string): string {
  const path = pins.replace(/\/+$/, '');
  return `xlvs${path.replace(/[^A-Za-z0-9/.-]/g, (character) => `_${character.charCodeAt(0).toString(16)}_`)}`;
}

function devicesOf(config: Config, role: Interface['role']): string[] {
  const own = config.interfaces.filter((one) => one.role === role);
  return own.map(({ device }) => nftDevice(readDevice(device)?.name ?? device));
}

function masqueradeTable(pins: string, config: Config): NftTable {
  const inside = devicesOf(config, 'private');
  const outside = devicesOf(config, 'public');
  const all = [...inside, ...outside];
  return {
    name: masqueradeTableName(pins),
    chains: [
      {
        name: 'own',
        hook: `type filter hook prerouting priority ${BEFORE_DEFRAGMENTATION}`,
        rules: all.map((device) => `iifname ${device} fib saddr type local notrack`),
      },
      {
        name: 'outbound',
        hook: 'type nat hook postrouting priority srcnat',
        rules: inside.flatMap((from) => outside.map((to) => `iifname ${from} oifname ${to} masquerade`)),
      },
    ],
  };
}

type MasqueradePlan =
  | { readonly kind: 'added'; readonly table: NftTable }
  | { readonly kind: 'removed'; readonly table: Pick<NftTable, 'name'> };

/** `undefined`: all is as the config wants it. Throws XlvsError. */
function planMasquerade({ table: noted }: MachineJournal, pins: string, config: Config): MasqueradePlan | undefined {
  if (!config.masquerade) return noted === undefined ? undefined : { kind: 'removed', table: { name: noted } };
  const table = masqueradeTable(pins, config);
  return noted === table.name && hasTable(table) ? undefined : { kind: 'added', table };
}

function differenceOf({ kind, table }: MasqueradePlan): Difference {
  return { kind, subject: 'masquerade', detail: `table inet ${table.name}` };
}

/** What `placeMasquerade` would change. Throws XlvsError. */
export function masqueradeDifferences(router: DataPlane, pins: string, config: Config): Difference[] {
  const plan = planMasquerade(readJournal(router), pins, config);
  return plan ? [differenceOf(plan)] : [];
}

/** Makes the table as the config wants it, or takes it away. Returns what changed, one line for it. Throws XlvsError. */
export function placeMasquerade(router: DataPlane, pins: string, config: Config): string[] {
  const journal = readJournal(router);
  const plan = planMasquerade(journal, pins, config);
  if (!plan) return [];
  if (plan.kind === 'added') {
    writeJournal(router, { ...journal, table: plan.table.name });
    putTable(plan.table);
  } else {
    removeTable(plan.table.name);
    const { table: _, ...rest } = journal;
    writeJournal(router, rest);
  }
  return [formatDifference(differenceOf(plan))];
}
