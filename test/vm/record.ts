// SPDX-License-Identifier: MIT
// The figures of record.json that a change must not make worse: instructions per packet and instructions the verifier walks
// through. Both are counted, not timed, so that a busy machine does not move them.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'test/vm/record.json';
const TOLERANCE = 0.03;

/** By name, as `xlvs/established` or `verifier/xlvs`. */
export type Figures = Readonly<Record<string, number>>;

export interface GateRecord {
  /** why it was last changed */
  readonly reason: string;
  /** clang's major version: another one makes other instructions */
  readonly clang: string;
  /** by kernel line */
  readonly kernels: Readonly<Record<string, Figures>>;
}

export interface Comparison {
  readonly line: string;
  readonly name: string;
  readonly recorded: number | undefined;
  readonly now: number;
  /** `peer`: of another program than xlvs, or the guest itself */
  readonly verdict: 'same' | 'better' | 'worse' | 'new' | 'peer' | 'other compiler';
}

export function clangVersion(): string {
  const said = execFileSync(process.env.CLANG ?? 'clang', ['--version'], { encoding: 'utf8' });
  return /version (\d+)/.exec(said)?.[1] ?? said;
}

export function readRecord(): GateRecord {
  return JSON.parse(readFileSync(FILE, 'utf8')) as GateRecord;
}

const isGated = (name: string): boolean => /^(xlvs|verifier)\//.test(name);
const isCounted = (name: string): boolean => !name.endsWith('-per-second');

function verdictOf(name: string, recorded: number | undefined, now: number, isSameCompiler: boolean) {
  if (!isGated(name) || !isCounted(name)) return 'peer';
  if (!isSameCompiler) return 'other compiler';
  if (recorded === undefined) return 'new';
  if (now > recorded * (1 + TOLERANCE)) return 'worse';
  return now < recorded * (1 - TOLERANCE) ? 'better' : 'same';
}

/** One line for each figure measured. */
export function compare(record: GateRecord, clang: string, line: string, figures: Figures): Comparison[] {
  return Object.entries(figures).map(([name, now]) => {
    const recorded = record.kernels[line]?.[name];
    return { line, name, recorded, now, verdict: verdictOf(name, recorded, now, clang === record.clang) };
  });
}

/** Figures of kernels that were not tried stay. */
export function writeRecord(old: GateRecord, reason: string, clang: string, measured: GateRecord['kernels']): void {
  const kernels = { ...old.kernels };
  for (const [line, figures] of Object.entries(measured)) kernels[line] = { ...kernels[line], ...figures };
  writeFileSync(FILE, `${JSON.stringify({ reason, clang, kernels }, null, 2)}\n`);
}
