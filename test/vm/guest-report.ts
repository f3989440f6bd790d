// SPDX-License-Identifier: MIT
// What a guest said on its console, as numbers.
import type { BootResult } from './boot.ts';
import type { Check } from './checks.ts';
import type { FileReport } from './guest/runner.ts';
import { suiteName } from './guest-work.ts';

export interface CheckResult {
  readonly title: string;
  readonly isGood: boolean;
  /** for the table */
  readonly text: string;
}

/** One boot of a kernel, as it came out. */
export interface TriedKernel {
  readonly isGood: boolean;
  readonly results: readonly CheckResult[];
  readonly figures: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const reportsIn = (output: string): FileReport[] =>
  [...output.matchAll(/^vm: report (.*)$/gm)].map(([, json]) => JSON.parse(json as string) as FileReport);

/** A file that never reported has failed: the guest died before or in it. */
function resultOf({ title, files }: Check, reports: readonly FileReport[]): CheckResult {
  const found = files.map((file) => reports.find((report) => report.file === suiteName(file)));
  const silent = found.filter((report) => report === undefined).length;
  const sum = (field: 'passed' | 'failed'): number =>
    found.reduce((total, report) => total + (report?.[field] ?? 0), 0);
  const [passed, failed] = [sum('passed'), sum('failed')];
  const isGood = silent === 0 && failed === 0 && passed > 0;
  const text = isGood
    ? `${passed} passed`
    : `${failed} FAILED${silent > 0 ? `, ${silent} of ${files.length} files silent` : ''}`;
  return { title, isGood, text };
}

export function checkResults({ output }: BootResult, checks: readonly Check[]): CheckResult[] {
  const reports = reportsIn(output);
  return checks.map((check) => resultOf(check, reports));
}

/** What the guest measured, by name. */
export function figuresIn({ output }: BootResult): Record<string, number> {
  return Object.fromEntries(
    [...output.matchAll(/^vm: figure (\S+) (\d+)$/gm)].map(([, name, value]) => [name as string, Number(value)]),
  );
}

/** Features this kernel does not have, as the guest named them. */
export function lacks({ output }: BootResult): string[] {
  return [...output.matchAll(/^vm: lacks (.*)$/gm)].map(([, what]) => what as string);
}

/** The lines that tell what failed, without the noise of a boot. */
export function failureLines({ output, status }: BootResult): string[] {
  const told = output.split('\n').filter((line) => /^vm: (FAILED|no )|Error|panic|BUG:|Oops|^[-+] /.test(line));
  return status === undefined ? [...told, ...output.trimEnd().split('\n').slice(-20)] : told;
}
