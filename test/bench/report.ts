// SPDX-License-Identifier: MIT
// Writes the rows: build/bench.json whole, tables between two markers of BENCHMARKS.md, a chart for each table in docs/.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { chart } from './chart.ts';
import { BUILD, DOCS, REPORT } from './places.ts';
import type { Effort, Row } from './row.ts';
import { digits, panelsOf, rowsOf, SUBJECTS, type Subject } from './subjects.ts';

const BEGIN = '<!-- figures: written by make bench -->';
const END = '<!-- end of figures -->';

const percent = (spread: number | null): string => (spread === null ? '' : `${(spread * 100).toFixed(0)} %`);

export function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ measure, value, unit, against, ratio, spread }) =>
      `| \`${measure}\` | ${digits(value)} ${unit} | ${against ?? ''} | ${ratio === null ? '' : ratio.toFixed(2)} | ${percent(spread)} |`,
  );
  return ['| measure | value | against | ratio | spread |', '|---|--:|---|--:|--:|', ...lines].join('\n');
}

/** First line of what a program says of its version. */
function version(command: string, ...args: string[]): string {
  const said = execFileSync('sh', ['-c', '"$0" "$@" 2>&1 || true', command, ...args], { encoding: 'utf8' });
  return said
    .split('\n', 1)
    .join()
    .replace(/ +(built|Copyright|http).*$/i, '')
    .trim();
}

function machine(): string {
  const [cpu] = cpus();
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `- \`make bench\`, ${new Date().toISOString().slice(0, 10)}`,
    `- kernel ${release()}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${process.arch}, ${gibibytes} GiB`,
    `- Node.js ${process.version}; ${version(process.env.CLANG ?? 'clang', '--version')}`,
    `- ${version('haproxy', '-v')}; ${version('nginx', '-v')}; ${version('wrk', '-v')}; ${version('nft', '--version')}`,
    `- instructions: ${version('qemu-system-x86_64', '--version')}, Debian's kernel 6.1`,
  ].join('\n');
}

/** Writes the chart too. */
function section(subject: Subject, all: readonly Row[]): string {
  const rows = rowsOf(subject, all);
  const file = `bench-${subject.name}.svg`;
  writeFileSync(join(DOCS, file), chart(panelsOf(rows)));
  return [`### ${subject.title}`, `![${subject.title}](docs/${file})`, table(rows)].join('\n\n');
}

/** A quick run leaves BENCHMARKS.md and docs/ alone. */
export function writeReport(rows: readonly Row[], { quick }: Effort): void {
  writeFileSync(join(BUILD, 'bench.json'), `${JSON.stringify(rows, undefined, 2)}\n`);
  if (quick) return;
  const text = readFileSync(REPORT, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${REPORT} has lost its markers`);
  const sections = SUBJECTS.map((subject) => section(subject, rows));
  writeFileSync(REPORT, `${before}${BEGIN}\n\n${[machine(), ...sections].join('\n\n')}\n\n${END}${after}`);
}
