// SPDX-License-Identifier: MIT
// `make bench`: measures in a network namespace of its own, then writes build/bench.json and BENCHMARKS.md.
// --quick takes about 40 seconds and touches only build/bench.json; --only PREFIX measures some rows and writes nothing.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { controlPlaneRows } from './control-plane.ts';
import { endToEndRows } from './end-to-end.ts';
import { establishedRows } from './established.ts';
import { footprintRows } from './footprint.ts';
import { reclaimRows } from './reclaim.ts';
import { table, writeReport } from './report.ts';
import { prepareNamespace } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { synRows } from './syn.ts';

const INSIDE = 'XLVS_BENCH_INSIDE';
const SERVERS = 16;

const steps: Record<string, (effort: Effort) => Row[] | Promise<Row[]>> = {
  established: establishedRows,
  syn: synRows,
  e2e: endToEndRows,
  'apply scrape': controlPlaneRows,
  'memory verifier': footprintRows,
  reclaim: reclaimRows,
};

async function measure(effort: Effort, only: string | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, step] of Object.entries(steps)) {
    if (only !== undefined && !name.split(' ').includes(only)) continue;
    console.error(`measuring ${name} ...`);
    rows.push(...(await step(effort)));
  }
  return rows;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
  prepareNamespace(SERVERS);
  const effort = { quick: values.quick ?? false };
  const rows = await measure(effort, values.only);
  console.log(table(rows));
  if (values.only === undefined) writeReport(rows, effort);
}

/** Runs itself again where no device, route or rule is anyone else's. */
function enterNamespace(): never {
  const args = ['--net', process.execPath, ...process.argv.slice(1)];
  const { status, error } = spawnSync('unshare', args, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } });
  if (error) throw error;
  process.exit(status ?? 1);
}

if (process.env[INSIDE]) await main();
else enterNamespace();
