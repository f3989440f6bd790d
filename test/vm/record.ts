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
  readonly now: number | undefined;
  /** `peer`: of another program than xlvs, or the guest itself; `missing`: recorded, and not measured any more */
  readonly verdict: 'same' | 'better' | 'worse' | 'new' | 'missing' | 'peer' | 'other compiler';
}

/** Verdicts that turn a run red. */
export const isRed = ({ verdict }: Comparison): boolean => verdict === 'worse' || verdict === 'missing';

export function clangVersion(): string {
  const said = execFileSync(process.env.CLANG ?? 'clang', ['--version'], { encoding: 'utf8' });
  return /version (\d+)/.exec(said)?.[1] ?? said;
}

export function readRecord(): GateRecord {
  return JSON.parse(readFileSync(FILE, 'utf8')) as GateRecord;
}

const isGated = (name: string): boolean => /^(xlvs|verifier)\//.test(name);
const isCounted = (name: string): boolean => !name.endsWith('-per-second');

function verdictOf(
  name: string,
  recorded: number | undefined,
  now: number,
  isSameCompiler: boolean,
): Comparison['verdict'] {
  if (!isGated(name) || !isCounted(name)) return 'peer';
  if (!isSameCompiler) return 'other compiler';
  if (recorded === undefined) return 'new';
  if (now > recorded * (1 + TOLERANCE)) return 'worse';
  return now < recorded * (1 - TOLERANCE) ? 'better' : 'same';
}

/** `verifier/…` is told by the boot of the checks, all else by the one that counts. */
const bootOf = (name: string): string => (name.startsWith('verifier/') ? 'checks' : 'counted');

/** What the record says of a kernel, and these boots of it did not measure: a gate that lost a figure is open. */
function missing(record: GateRecord, line: string, figures: Figures, boots: readonly string[]): Comparison[] {
  return Object.entries(record.kernels[line] ?? {})
    .filter(([name]) => isGated(name) && boots.includes(bootOf(name)) && figures[name] === undefined)
    .map(([name, recorded]) => ({ line, name, recorded, now: undefined, verdict: 'missing' as const }));
}

/** One line for each figure that was measured, and for each that these boots should have. */
export function compare(
  record: GateRecord,
  clang: string,
  line: string,
  figures: Figures,
  boots: readonly string[] = [],
): Comparison[] {
  const measured = Object.entries(figures).map(([name, now]) => {
    const recorded = record.kernels[line]?.[name];
    return { line, name, recorded, now, verdict: verdictOf(name, recorded, now, clang === record.clang) };
  });
  return [...measured, ...missing(record, line, figures, boots)];
}

/** Figures of kernels and boots that were not tried stay; one that its boot does not measure any more goes. */
export function recordAfter(
  old: GateRecord,
  reason: string,
  clang: string,
  measured: ReadonlyMap<string, { readonly figures: Figures; readonly boots: readonly string[] }>,
): GateRecord {
  const kernels = { ...old.kernels };
  for (const [line, { figures, boots }] of measured) {
    const kept = Object.entries(kernels[line] ?? {}).filter(([name]) => !boots.includes(bootOf(name)));
    kernels[line] = { ...Object.fromEntries(kept), ...figures };
  }
  return { reason, clang, kernels };
}

export function writeRecord(...change: Parameters<typeof recordAfter>): void {
  writeFileSync(FILE, `${JSON.stringify(recordAfter(...change), null, 2)}\n`);
}
