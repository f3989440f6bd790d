// SPDX-License-Identifier: MIT
// `make bench`: measures in a network namespace of its own, then writes build/bench.json, BENCHMARKS.md and its charts.
// --quick takes some minutes and touches only build/bench.json; --only NAME measures one step and writes nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { controlPlaneRows } from './control-plane.ts';
import { daemonRows } from './daemon.ts';
import { endToEndRows } from './end-to-end.ts';
import { establishedRows } from './established.ts';
import { footprintRows } from './footprint.ts';
import { httpRows } from './http.ts';
import { icountRows } from './icount.ts';
import { reclaimRows } from './reclaim.ts';
import { table, writeReport } from './report.ts';
import { prepareNamespace } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { synRows } from './syn.ts';

/** Names the file that the rows go to. */
const INSIDE = 'XLVS_BENCH_ROWS';
const SERVERS = 16;

type Step = (effort: Effort) => Row[] | Promise<Row[]>;

const steps: Readonly<Record<string, Step>> = {
  established: establishedRows,
  syn: synRows,
  e2e: endToEndRows,
  http: httpRows,
  'apply scrape': controlPlaneRows,
  'memory verifier': footprintRows,
  reclaim: reclaimRows,
  daemon: daemonRows,
};

/** May download a kernel, which no namespace without a way out can. */
const outside: Readonly<Record<string, Step>> = { icount: icountRows };

const options = { quick: { type: 'boolean' }, only: { type: 'string' } } as const;
const { quick = false, only } = parseArgs({ options }).values;

async function measure(of: Readonly<Record<string, Step>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, step] of Object.entries(of)) {
    if (only !== undefined && !name.split(' ').includes(only)) continue;
    console.error(`measuring ${name} ...`);
    rows.push(...(await step({ quick })));
  }
  return rows;
}

/** Runs itself again where no device, route or rule is anyone else's. */
function measureInside(): Row[] {
  const directory = mkdtempSync(join(tmpdir(), 'xlvs-bench-'));
  const file = join(directory, 'rows.json');
  try {
    const args = ['--net', process.execPath, ...process.argv.slice(1)];
    const { status, error } = spawnSync('unshare', args, { stdio: 'inherit', env: { ...process.env, [INSIDE]: file } });
    if (error) throw error;
    if (status !== 0) process.exit(status ?? 1);
    return JSON.parse(readFileSync(file, 'utf8')) as Row[];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function main(): Promise<void> {
  const names = Object.keys({ ...steps, ...outside }).flatMap((name) => name.split(' '));
  if (only !== undefined && !names.includes(only)) throw new Error(`--only ${only}: none of ${names.join(' ')}`);
  const rows = [...measureInside(), ...(await measure(outside))];
  console.log(table(rows));
  if (only === undefined) writeReport(rows, { quick });
}

const inside = process.env[INSIDE];
if (inside === undefined) await main();
else {
  prepareNamespace(SERVERS);
  writeFileSync(inside, JSON.stringify(await measure(steps)));
}
