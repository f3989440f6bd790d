// SPDX-License-Identifier: MIT
// Every scheduler's order over tens of connections: weights, ties, a server that is drained, removed and comes back.
import type { Scenario } from '../scenario.ts';
import { admin, commands, connect, summed, talk } from '../steps.ts';

/** Those that look at addresses: the others do not know the family, nor do flags. */
const BOTH = new Set(['lblc', 'dh', 'sh', 'mh']);

/** Connections that end at once, connections that stay, and commands between them. */
function order(scheduler: string, options = ''): Scenario {
  // where wrr goes on depends on the order of edits, which -R makes one change of in xlvs
  const edit = scheduler === 'wrr' ? commands : admin;
  const clients = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 300, 301, 302, 303];
  return {
    name: `${scheduler}${options}: order`,
    families: BOTH.has(scheduler) ? [4, 6] : [4],
    steps: [
      ...admin(
        `-A -t $V:80 -s ${scheduler}${options}`,
        '-a -t $V:80 -r $S1:80 -m -w 4',
        '-a -t $V:80 -r $S2:80 -m -w 3',
        '-a -t $V:80 -r $S3:80 -m -w 2',
      ),
      connect({ clients }),
      connect({ count: 20 }),
      ...edit('-a -t $V:80 -r $S4:8080 -m -w 3', '-e -t $V:80 -r $S2:80 -m -w 0'),
      talk('>S <SA >A >F <F'),
      connect({ clients }),
      connect({ count: 15 }),
      ...admin('-d -t $V:80 -r $S1:80'),
      connect({ clients }),
      connect({ count: 10 }),
      ...edit('-a -t $V:80 -r $S1:80 -m -w 1', '-e -t $V:80 -r $S2:80 -m -w 5'),
      connect({ clients }),
      connect({ count: 10 }),
      ...admin('-Ln'),
    ],
  };
}

const none: Scenario = {
  name: 'weights: all drained, one returns',
  steps: [
    ...admin('-A -t $V:80 -s wrr', '-a -t $V:80 -r $S1:80 -m -w 0', '-a -t $V:80 -r $S2:80 -m -w 0'),
    connect({ count: 2 }),
    ...admin('-e -t $V:80 -r $S1:80 -m -w 1'),
    connect({ count: 3 }),
    ...admin('-e -t $V:80 -r $S2:80 -m -w 3'),
    connect({ count: 9 }),
    ...admin('-E -t $V:80 -s rr', '-Ln'),
    connect({ count: 5 }),
    ...admin('-E -t $V:80 -s lc', '-Ln'),
    connect({ count: 5 }),
  ],
};

/** Of four, how many each server got, rounded: two servers are drawn for each connection, and the less loaded one gets it. */
function quarters(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const server = / > (\S+):\d+ /.exec(text)?.[1] ?? text;
    counts.set(server, (counts.get(server) ?? 0) + 1);
  }
  return [...counts].map(([server, count]) => `${server}: ${Math.round((4 * count) / texts.length)} of 4`).sort();
}

const twos: Scenario = {
  name: 'twos: shares',
  steps: [
    ...admin('-A -t $V:80 -s twos', '-a -t $V:80 -r $S1:80 -m -w 2', '-a -t $V:80 -r $S2:80 -m -w 2'),
    summed(connect({ count: 256 }), quarters),
    ...admin('-e -t $V:80 -r $S1:80 -m -w 0'),
    connect({ count: 5 }),
    ...admin('-E -t $V:80 -s rr', '-E -t $V:80 -s twos', '-a -t $V:80 -r $S3:80 -m -w 0', '-Sn'),
    connect({ count: 5 }),
    ...admin('-e -t $V:80 -r $S2:80 -m -w 0'),
    connect({ count: 2 }),
    ...admin('-e -t $V:80 -r $S3:80 -m -w 1 -x 3'),
    connect({ count: 5 }),
    ...admin('-A -t $V:81 -s twos', '-a -t $V:81 -r $S1:81 -m -w 3', '-a -t $V:81 -r $S2:81 -m -w 1'),
    summed(connect({ count: 256, port: 81 }), quarters),
  ],
};

const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sed', 'nq', 'fo', 'ovf', 'dh', 'sh', 'mh'];
const FLAGGED = [
  'sh -b sh-port',
  'sh -b sh-fallback',
  'sh -b sh-port,sh-fallback',
  'mh -b mh-port',
  'mh -b mh-fallback',
  'mh -b mh-port,mh-fallback',
];

export const schedulers: readonly Scenario[] = [
  ...SCHEDULERS.map((scheduler) => order(scheduler)),
  ...FLAGGED.map((line) => order(line)),
  twos,
  none,
];
