// SPDX-License-Identifier: MIT
// Every view of one mixed table, counters after known traffic, thresholds, and what commands refuse.
import type { Scenario } from '../scenario.ts';
import { fromClient } from '../senders.ts';
import { admin, commands, connect, connections, eventually, packets, talk } from '../steps.ts';

const views: Scenario = {
  name: 'every view',
  isMarked: true,
  steps: [
    ...admin(
      '-A -t $V:80 -s wrr -p 600 $MASK',
      '-a -t $V:80 -r $S2:8080 -m -w 3',
      '-a -t $V:80 -r $S1:80 -m -w 12 -x 100 -y 50',
      '-A -u $V:53 -s rr -o',
      '-a -u $V:53 -r $S1:53 -m -w 0',
      '-A -t $V:443 -s sh -b sh-port,sh-fallback',
      '-a -t $V:443 -r $S3:443 -m -w 65535',
      '-A $M -s mh -b mh-port -p 30',
      '-a $M -r $S1 -m',
      '-a $M -r $S2:8080 -m',
      '-A -t $V:9 -s fo -b flag-1,flag-3',
      '-A -t $V:10 -s sh -b flag-3,flag-2,flag-1',
      '-A -t $V:11 -s mh -b flag-3,flag-1',
    ),
    connect({ count: 3 }),
    talk('>S <SA >A', { port: 8001 }),
    ...['', ' --sort', ' --thresholds', ' --persistent-conn', ' --persistent-conn --exact', ' --timeout'].flatMap(
      (view) => admin(view === ' --timeout' ? '-L --timeout' : `-Ln${view}`),
    ),
    ...admin('-Ln -t $V:80', '-Ln $M', '-Ln -u $V:53 --thresholds', '-Sn', '-L -n --daemon'),
    ...admin('-L -t $V:80', '-L -u $V:53', '-L $M', '-L -t $V:443 --thresholds', '-L', '-S'),
    ...admin(
      '-E -t $V:9 -s mh -b flag-2',
      '-Ln -t $V:9',
      '-E -t $V:9 -s rr -b flag-2',
      '-Ln -t $V:9',
      '-E -t $V:9',
      '-Sn',
    ),
    ...admin('-A -t $V:12 -s mh -b flag-3', '-Ln -t $V:12'),
    connections(),
    connections('--persistent-conn'),
  ],
};

const counters: Scenario = {
  name: 'counters',
  steps: [
    ...admin(
      '-A -t $V:80 -s rr',
      '-a -t $V:80 -r $S1:80 -m',
      '-a -t $V:80 -r $S2:80 -m',
      '-A -u $V:53 -s rr',
      '-a -u $V:53 -r $S1:5353 -m',
    ),
    ...[0, 1, 2].map(() => talk('>S <SA >A >A <A <A >F <F', { bytes: 700 })),
    ...[0, 1].map(() => talk('>- <- <-', { port: 53, protocol: 'udp', bytes: 99 })),
    connect({ port: 80, flags: 'A' }),
    eventually('-Ln --stats'),
    eventually('-Ln --stats --exact'),
    eventually('-Ln -t $V:80 --stats'),
    ...admin('-d -t $V:80 -r $S1:80'),
    eventually('-Ln --stats'),
    ...admin('-a -t $V:80 -r $S1:80 -m'),
    eventually('-Ln --stats'),
    ...admin('-Z -u $V:53'),
    eventually('-Ln --stats'),
    connect({ count: 2 }),
    // -Z takes off what the kernel has summed up so far, every two seconds
    eventually('-Ln --stats'),
    ...admin('-Z'),
    eventually('-Ln --stats'),
    talk('>S', { bytes: 5 }),
    eventually('-Ln --stats'),
    ...admin('-Z -t $V:81'),
  ],
};

const thresholds: Scenario = {
  name: 'thresholds',
  steps: [
    ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:80 -m -x 3', '-a -t $V:80 -r $S2:80 -m -x 4 -y 2'),
    connect({ count: 6 }),
    ...admin('-Ln --thresholds'),
    connect({ count: 3 }),
    ...admin('-e -t $V:80 -r $S1:80 -m -x 5', '-Ln --thresholds'),
    connect({ count: 3 }),
    ...admin('-e -t $V:80 -r $S2:80 -m -x 0', '-Ln --thresholds'),
    connect({ count: 2 }),
    ...commands('-e -t $V:80 -r $S2:80 -m -x 5 -y 6', '-a -t $V:80 -r $S3:80 -m -x 1', '-Ln --thresholds'),
    connect({ count: 3 }),
    ...['wlc', 'sed', 'nq', 'fo', 'lblc', 'sh', 'mh', 'dh', 'ovf'].flatMap((scheduler) => [
      ...admin(`-E -t $V:80 -s ${scheduler}`),
      connect({ clients: [1, 2, 3, 300] }),
    ]),
    ...admin('-Ln --thresholds'),
  ],
};

/** A limit that entries keep: a client that comes back is let in, another is not. */
const persistentThresholds: Scenario = {
  name: 'thresholds × persistence',
  steps: [
    ...admin('-A -t $V:80 -s rr -p 100', '-a -t $V:80 -r $S1:80 -m -x 1'),
    connect({ clients: [1, 1, 2, 1] }),
    ...admin('-a -t $V:80 -r $S2:80 -m -x 2', '-Ln --thresholds'),
    connect({ clients: [2, 3, 2, 4, 1] }),
    ...admin('-d -t $V:80 -r $S1:80', '-e -t $V:80 -r $S2:80 -m -x 20'),
    connect({ clients: [1, 4] }),
    ...admin('-a -t $V:80 -r $S1:80 -m -x 9', '-Ln --thresholds'),
    connect({ clients: [1, 5, 6] }),
    connections(),
    ...admin('-Ln --persistent-conn'),
  ],
};

const refusals: Scenario = {
  name: 'what is refused',
  steps: [
    ...commands('-A -t $V:80 -s rr', '-A -t $V:80 -s rr', '-E -t $V:81 -s rr', '-D -t $V:81', '-a -t $V:81 -r $S1 -m'),
    ...commands('-a -t $V:80 -r $S1 -m', '-a -t $V:80 -r $S1 -m', '-e -t $V:80 -r $S3 -m', '-d -t $V:80 -r $S3'),
    ...commands(
      '-A -t $V:0',
      '-A -t $V:99 -o',
      '-A -f 0',
      '-A -t $V:99 -p 0',
      '-A -t $V:99 -p 2678401',
      '-A -t $V:9 -s foo',
    ),
    ...commands(
      '-a -t $V:80',
      '-a -t $V:80 -m',
      '-C -n',
      '-A -t $V:98 -s rr -b bogus',
      '-A -t $V:98 -s rr -b sh-port',
      '-x',
      'foo',
    ),
    ...commands(
      '-a -t $V:80 -r $S2 -m -w -1',
      '-a -t $V:80 -r $S2 -m -w 2147483648',
      '-a -t $V:80 -r $S2 -m -x 5 -y 6',
    ),
    ...commands('-L -c --stats', '-L --timeout --stats', '-Ln -t $V:99', '--set 1 2', '--set -1 0 0', '-Ln'),
    packets('the service works', fromClient({ clientPort: 30_000 }, { flags: 'S' })),
  ],
};

/** The rest is said in this process, which takes an emulated machine seconds less for each command. */
const program: Scenario = {
  name: 'the built program',
  families: [4],
  isOfProgram: true,
  steps: [...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:8080 -m', '-Ln', '-A -t $V:99 -o'), connect()],
};

export const listings: readonly Scenario[] = [views, counters, thresholds, persistentThresholds, refusals, program];
