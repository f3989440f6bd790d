// SPDX-License-Identifier: MIT
// Refuses what not-yet.ts lists. The list is there, the walking is here.
import type { Draft } from './draft.ts';
import { NOT_YET } from './not-yet.ts';
import type { Path } from './path.ts';
import type { Report } from './report.ts';

/** Reports every value in the draft that this version does not do. */
export function checkNotYet(draft: Draft, report: Report): void {
  for (const { at, refuses, accepted, because = 'not in this version' } of NOT_YET) {
    const steps = at.replaceAll('[]', '.[]').split('.');
    for (const [path, value] of valuesAt(draft, steps))
      if (value !== undefined && refuses(value)) report.error(path, { because, accepted });
  }
}

function valuesAt(value: unknown, steps: readonly string[], path: Path = []): [Path, unknown][] {
  const [step, ...rest] = steps;
  if (step === undefined) return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  if (step !== '[]') return valuesAt((value as Record<string, unknown>)[step], rest, [...path, step]);
  return (value as unknown[]).flatMap((item, i) => valuesAt(item, rest, [...path, i]));
}
