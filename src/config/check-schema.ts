// SPDX-License-Identifier: MIT
// Holds a file's values against the schema, reports what does not fit, and hands on what does.
import type { z } from 'zod';
import { cutOut, type Draft } from './draft.ts';
import { KEYS_NOT_YET } from './not-yet.ts';
import { formatPath, type Path, quote } from './path.ts';
import type { Report } from './report.ts';
import { type ConfigOutput, configSchema } from './schema.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

const KEY_SHOWN = 40;
const LATER = new Set(KEYS_NOT_YET.map(({ at }) => at));

/** What fits, and if everything does, the values with their defaults. */
export interface SchemaResult {
  readonly draft: Draft;
  readonly output: ConfigOutput | undefined;
}

/** Reports every value that does not fit the schema. Changes `value`. */
export function checkSchema(value: unknown, report: Report): SchemaResult {
  const { data: output, error } = configSchema.safeParse(value);
  const issues = error?.issues ?? [];
  const wrong = issues.filter((issue) => issue.code !== 'unrecognized_keys');
  for (const issue of firstOfEachPath(wrong)) report.error(pathOf(issue), { accepted: issue.message });
  for (const issue of issues) if (issue.code === 'unrecognized_keys') reportKeys(pathOf(issue), issue, report);
  return { draft: cutOut(value, wrong.map(pathOf)), output };
}

/** A mapping's message for a key it does not know is the list of those it does. */
function reportKeys(path: Path, issue: z.core.$ZodIssueUnrecognizedKeys, report: Report): void {
  const known = issue.message.split(', ');
  const now = known.filter((key) => !LATER.has(formatPath([...path, key]).replaceAll(/\[\d+\]/g, '[]')));
  const offered = now.length > 0 ? now : known;
  for (const key of issue.keys) {
    const meant = suggest(key, known);
    report.error([...path, key], {
      found: `the unknown key ${quote(key, KEY_SHOWN)}`,
      ...(meant ? { because: `did you mean "${meant}"?` } : {}),
      accepted: offered.join(', '),
      part: 'key',
    });
  }
}

function firstOfEachPath(issues: readonly Issue[]): readonly Issue[] {
  const first = new Map<string, Issue>();
  for (const issue of issues) {
    const key = JSON.stringify(issue.path);
    if (!first.has(key)) first.set(key, issue);
  }
  return [...first.values()];
}

/** A file has no symbols for keys. */
function pathOf(issue: Issue): Path {
  return issue.path.filter((step) => typeof step !== 'symbol');
}
