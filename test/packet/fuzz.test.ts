// SPDX-License-Identifier: MIT
// Seeded frames of both families through the real programs over the same maps and through the model of them: same action,
// same bytes, same counts, same connections left. XLVS_FUZZ_FRAMES, XLVS_FUZZ_SEED and XLVS_FUZZ_SECONDS choose others.
import { expect, test } from 'vitest';
import { FuzzPlan, type RunSeed } from '../fuzzing.ts';
import { KEPT_SEEDS } from './fuzz/seeds.ts';
import { Session, type Tally } from './fuzz/session.ts';

/** Of a fresh seed: with the kept ones a minute's work. */
const COUNT = 600_000;
const plan = new FuzzPlan({
  file: 'test/packet/fuzz.test.ts',
  project: 'packet',
  countedBy: 'XLVS_FUZZ_FRAMES',
  count: COUNT,
  seedsFile: 'test/packet/fuzz/seeds.ts',
  kept: KEPT_SEEDS,
});
const REASONS = [
  ...['not_ip', 'vlan', 'truncated', 'malformed', 'fragment', 'protocol', 'other_host', 'no_service', 'not_new'],
  ...[
    'ftp_data',
    'sctp_fragment',
    'no_server',
    'unroutable_client',
    'neighbour',
    'too_big',
    'ttl_exceeded',
    'no_route',
  ],
  ...[
    'source_limit',
    'service_limit',
    'on_purpose',
    'refused_reply',
    'icmp',
    'not_forwarding',
    'no_neighbour',
    'server_gone',
    'tuple_in_use',
    'foreign_device',
    'no_connection',
  ],
];

/** Untagged and with one tag or two to each of them, and what goes back the way it came. */
const TAGGED = [4, 6].flatMap((family) =>
  [0, 1, 2].flatMap((before) => [
    ...[0, 1, 2].map((behind) => `${family} forwarded ${before}>${behind}`),
    `${family} answered ${before}>${before}`,
    `${family} passed ${before}>${before}`,
  ]),
);

const kept: Tally[] = [];
const through =
  (finished: (tally: Tally, seed: number) => void): RunSeed =>
  (seed, frames, budget, progress) => {
    using session = new Session();
    session.run(seed, frames, budget, progress);
    finished(session.tally, seed);
  };

test.each(plan.kept)(
  'kept seed $seed: $count frames leave, pass or are dropped as the model says, and leave what it says',
  (seed) =>
    plan.runKept(
      seed,
      through((tally) => kept.push(tally)),
    ),
  plan.timeout,
);

test(
  `${plan.seed === undefined ? 'a fresh seed' : `seed ${plan.seed}`}: so do ${plan.count} frames`,
  () => {
    plan.runFresh(
      through(({ frames, forwarded, reasons }, seed) =>
        console.log(`seed ${seed}: ${forwarded} of ${frames} forwarded; ${JSON.stringify(reasons)}`),
      ),
    );
  },
  plan.timeout,
);

if (plan.seed === undefined && plan.count >= COUNT)
  test('frames of every kind are among the kept', () => {
    const total = (of: (tally: Tally) => number): number => kept.reduce((sum, tally) => sum + of(tally), 0);
    const tagged = kept.flatMap(({ tags }) => Object.keys(tags));
    expect([...new Set(tagged)]).toEqual(expect.arrayContaining(TAGGED));
    expect(total(({ forwarded }) => forwarded)).toBeGreaterThan(total(({ frames }) => frames) / 4);
    expect([...new Set(kept.flatMap(({ reasons }) => Object.keys(reasons)))].sort()).toEqual([...REASONS].sort());
  });
