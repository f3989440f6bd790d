// SPDX-License-Identifier: MIT
// The series of the router as a whole: packets by reason, interfaces, table fill, build.
import type { DataPlane, ReasonCounts } from '../dataplane/data-plane.ts';
import { type Exposition, labelSet } from './exposition.ts';

export function routerSeries(out: Exposition, router: DataPlane, version: string): void {
  out.metric('xlvs_build_info', 'gauge', 'Version of xlvs; always 1.')(1, labelSet({ version }));
  const { drops, passes, events } = router.reasons();
  writeReasons(out, 'xlvs_drops_total', 'Packets dropped, by reason.', 'reason', drops);
  writeReasons(out, 'xlvs_passes_total', "Packets left to the router's own kernel, by reason.", 'reason', passes);
  writeReasons(
    out,
    'xlvs_events_total',
    'What happened besides: connections expired, routes resolved.',
    'event',
    events,
  );
  writeInterfaces(out, router);
  writeTables(out, router);
}

function writeReasons(out: Exposition, name: string, help: string, label: string, counts: ReasonCounts): void {
  const sample = out.metric(name, 'counter', help);
  for (const [reason, count] of Object.entries(counts)) sample(count, labelSet({ [label]: reason }));
}

function writeInterfaces(out: Exposition, router: DataPlane): void {
  const sample = out.metric(
    'xlvs_interface_attached',
    'gauge',
    'Whether the data plane is attached, and in which mode.',
  );
  for (const { device, role, mode } of router.interfaces())
    sample(mode ? 1 : 0, labelSet({ device, role, mode: mode ?? 'none' }));
}

function writeTables(out: Exposition, router: DataPlane): void {
  const tables = Object.entries(router.fill());
  const entries = out.metric('xlvs_table_entries', 'gauge', 'Entries of a table now.');
  for (const [table, fill] of tables) entries(fill.entries, labelSet({ table }));
  const capacity = out.metric('xlvs_table_capacity', 'gauge', 'Entries a table has room for.');
  for (const [table, fill] of tables) capacity(fill.capacity, labelSet({ table }));
}
