// SPDX-License-Identifier: MIT
// What the data plane counts by name, and what docs/counters.md tells an operator about each name.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';

/** An enum's names without its last one, which is how many there are. */
const namesOf = (names: Readonly<Record<number, string>>, first: number): string[] =>
  Object.values(names).slice(first, -1);

/** As readReasons has them: 0 is "none" but for events. */
const COUNTED: readonly [series: string, names: string[]][] = [
  ['xlvs_drops_total', namesOf(abi.dropReasonNames, 1)],
  ['xlvs_passes_total', namesOf(abi.passReasonNames, 1)],
  ['xlvs_events_total', namesOf(abi.eventNames, 0)],
];

const docs = readFileSync(new URL('../../docs/counters.md', import.meta.url), 'utf8');

/** What the section of this series has in its table: the name in each row, and what stands beside it. */
function rowsOf(series: string): [name: string, cells: string[]][] {
  const section = docs.split('\n## ').find((one) => one.startsWith(`\`${series}\``)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, name = '', rest = '']) => [
    name,
    rest.split(' | '),
  ]);
}

describe.each(COUNTED)('docs/counters.md on %s', (series, names) => {
  test('explains exactly the names that are counted, in their order', () => {
    expect(rowsOf(series).map(([name]) => name)).toEqual(names);
  });

  test.each(rowsOf(series))('says of %s what happened and what to do', (_name, cells) => {
    expect(cells).toEqual([expect.stringMatching(/^\S.{10,}\.$/), expect.stringMatching(/^\S.{10,}\.$/)]);
  });
});

test('docs/counters.md has a section for each of the three series alone', () => {
  const sections = [...docs.matchAll(/^## `(\w+)`/gm)].map(([, series]) => series);
  expect(sections).toEqual(COUNTED.map(([series]) => series));
});
