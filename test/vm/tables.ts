// SPDX-License-Identifier: MIT
// The tables that end a run.
import { tableLines } from '../../src/cli/text-table.ts';
import { BOOTS } from './checks.ts';
import type { TriedKernel } from './guest-report.ts';
import type { KernelImage } from './kernel-image.ts';
import { type Comparison, type GateRecord, isRed } from './record.ts';

export interface TriedLine {
  readonly line: string;
  /** undefined: not to be had */
  readonly kernel: KernelImage | undefined;
  readonly tried: readonly TriedKernel[];
}

function print(titles: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(
    [
      ...tableLines(
        titles.map((title) => ({ title })),
        rows,
      ),
    ].join('\n'),
  );
}

/** Kernel by check. */
export function printChecks(lines: readonly TriedLine[]): void {
  const titles = Object.values(BOOTS).flatMap(({ checks }) => checks.map(({ title }) => title));
  const used = titles.filter((title) =>
    lines.some(({ tried }) => tried.some(({ results }) => results.some((one) => one.title === title))),
  );
  const rows = lines.map(({ line, kernel, tried }) => {
    const results = tried.flatMap((one) => one.results);
    const cells = used.map((title) => results.find((result) => result.title === title)?.text ?? '');
    const seconds = tried.reduce((sum, one) => sum + one.seconds, 0);
    const name = kernel === undefined ? 'not on the mirror' : `${kernel.version} (${kernel.suite})`;
    const mark =
      kernel === undefined || tried.length === 0 ? '-   ' : tried.every(({ isGood }) => isGood) ? 'ok  ' : 'FAIL';
    return [`${mark} ${line}`, name, ...cells, kernel === undefined ? '' : `${seconds} s`];
  });
  print(['', 'kernel', ...used, 'time'], rows);
}

function changeOf({ recorded, now }: Comparison): string {
  if (recorded === undefined || now === undefined) return '';
  const percent = (now / recorded - 1) * 100;
  return `${percent >= 0 ? '+' : ''}${percent.toFixed(1)} %`;
}

const WORDS: Readonly<Record<Comparison['verdict'], string>> = {
  same: 'ok',
  better: 'better: record it',
  worse: 'WORSE',
  new: 'not recorded',
  missing: 'MISSING',
  peer: '',
  'other compiler': 'not compared',
};

/** Figure by figure beside the record; `peer` rows are there to see xlvs beside, and to see when the guest itself changed. */
export function printFigures(compared: readonly Comparison[], record: GateRecord, clang: string): void {
  if (compared.length === 0) return;
  console.log('\nInstructions per packet (sender and sink included), and those the verifier walks through:');
  const cells = compared.map((one) => [
    one.line,
    one.name,
    one.recorded === undefined ? '' : String(one.recorded),
    one.now === undefined ? '' : String(one.now),
    changeOf(one),
    WORDS[one.verdict],
  ]);
  print(['kernel', 'figure', 'recorded', 'now', 'change', ''], cells);
  for (const { line, name, now } of compared.filter((one) => one.name.startsWith('ipvs/'))) {
    const xlvs = compared.find((one) => one.line === line && one.name === name.replace('ipvs/', 'xlvs/'))?.now;
    if (xlvs === undefined || now === undefined) continue;
    const ratio = name.endsWith('-per-second') ? xlvs / now : now / xlvs;
    console.log(`${line} ${name.replace('ipvs/', '')}: xlvs is ${ratio.toFixed(2)} times as good as kernel IPVS`);
  }
  if (clang !== record.clang)
    console.log(`recorded with clang ${record.clang}, built with clang ${clang}: figures of xlvs are not compared`);
  if (compared.some(isRed))
    console.log(
      'worse than recorded by more than 3 %, or missing: mend it, or record it: make test-vm RECORD="why it is worth it"',
    );
}
