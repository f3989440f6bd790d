// SPDX-License-Identifier: MIT
// Writes the rows: build/bench.json whole, and the figures between two markers of BENCHMARKS.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { BUILD, REPORT } from './places.ts';
import type { Effort, Row } from './row.ts';

const BEGIN = '<!-- figures: written by make bench -->';
const END = '<!-- end of figures -->';

const digits = (value: number): string => (value >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3))));
const percent = (spread: number | null): string => (spread === null ? '' : `${(spread * 100).toFixed(0)} %`);

export function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ measure, value, unit, against, ratio, spread }) =>
      `| \`${measure}\` | ${digits(value)} ${unit} | ${against ?? ''} | ${ratio === null ? '' : ratio.toFixed(2)} | ${percent(spread)} |`,
  );
  return ['| measure | value | against | ratio | spread |', '|---|--:|---|--:|--:|', ...lines].join('\n');
}

function machine(): string {
  const clang = execFileSync(process.env.CLANG ?? 'clang', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  const [cpu] = cpus();
  return [
    '- `make bench`',
    `- kernel ${release()}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${process.arch}`,
    `- Node.js ${process.version}, ${clang}`,
  ].join('\n');
}

/** A quick run leaves BENCHMARKS.md alone. */
export function writeReport(rows: readonly Row[], { quick }: Effort): void {
  writeFileSync(join(BUILD, 'bench.json'), `${JSON.stringify(rows, undefined, 2)}\n`);
  if (quick) return;
  const text = readFileSync(REPORT, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${REPORT} has lost its markers`);
  writeFileSync(REPORT, `${before}${BEGIN}\n\n${machine()}\n\n${table(rows)}\n\n${END}${after}`);
}
