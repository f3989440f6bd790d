// SPDX-License-Identifier: MIT
// Thousands of seeded files, spoilt as text or in their values: each is answered by a config or by problems that one can act
// on, and means the same in any layout. XLVS_FUZZ_FILES, XLVS_FUZZ_SEED and XLVS_FUZZ_SECONDS choose others.
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Budget, FuzzPlan } from '../../fuzzing.ts';
import { type Random, random } from '../../packet/random.ts';
import { answerTo, meaningOf } from './fuzz/answer.ts';
import { DOCUMENTS } from './fuzz/documents.ts';
import { layOut } from './fuzz/layouts.ts';
import { KEPT_SEEDS } from './fuzz/seeds.ts';
import { spoilText } from './fuzz/text-mutations.ts';
import { spoilTree, type Tree } from './fuzz/tree-mutations.ts';

const plan = new FuzzPlan({
  file: 'test/unit/config/fuzz.test.ts',
  project: 'unit',
  countedBy: 'XLVS_FUZZ_FILES',
  count: 2000,
  seedsFile: 'test/unit/config/fuzz/seeds.ts',
  kept: KEPT_SEEDS,
});
const TREES = DOCUMENTS.map((text) => parse(text, { merge: true }) as Tree);

/** Whether the file, or files, were valid. */
type Case = (r: Random, show: (text: string) => string) => boolean;

const spoiltText: Case = (r, show) => answerTo(show(spoilText(r.pick(DOCUMENTS), r))).config !== undefined;

const spoiltTree: Case = (r, show) => {
  const tree = r.oneIn(8) ? r.pick(TREES) : spoilTree(structuredClone(r.pick(TREES)), r);
  const plain = answerTo(show(JSON.stringify(tree)));
  const other = answerTo(show(layOut(tree, r)));
  const [expected, seen] = [meaningOf(plain), meaningOf(other)];
  if (!isDeepStrictEqual(seen, expected))
    throw new Error(`as JSON ${JSON.stringify(expected)}, laid out ${JSON.stringify(seen)}`);
  return plain.config !== undefined;
};

function run(seed: number, count: number, budget: Budget, progress: (done: number) => void): void {
  const r = random(seed);
  let text = '';
  const show = (shown: string): string => {
    text = shown;
    return shown;
  };
  let valid = 0;
  let done = 0;
  for (; done < count && !budget.isOver; done++) {
    progress(done);
    try {
      if (r.pick([spoiltText, spoiltTree])(r, show)) valid++;
    } catch (error) {
      if (error instanceof Error) error.message = `file ${done}: ${error.message}\n${JSON.stringify(text)}`;
      throw error;
    }
  }
  // Both kinds must occur, or the mutations test nothing.
  if (done < 200) return;
  expect(valid).toBeGreaterThan(done / 20);
  expect(valid).toBeLessThan((done * 3) / 4);
}

it.each(plan.kept)(
  'answers $count mutated files of kept seed $seed with a config or with problems, and never throws',
  (kept) => plan.runKept(kept, run),
  plan.timeout,
);

it(
  `answers ${plan.count} of ${plan.seed === undefined ? 'a fresh seed' : `seed ${plan.seed}`} so, too`,
  () => {
    plan.runFresh(run);
  },
  plan.timeout,
);
