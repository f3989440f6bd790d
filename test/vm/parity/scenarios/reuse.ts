// SPDX-License-Identifier: MIT
// A SYN from a port that has a connection already: conn_reuse_mode, and expire_nodest_conn with a server of weight 0.
import type { Scenario } from '../scenario.ts';
import { admin, connections, connectionsInTheEnd, setSwitch, talk } from '../steps.ts';

const services = [
  '-A -t $V:80 -s rr',
  '-A -t $V:443 -s rr -p 100',
  '-a -t $V:80 -r $S1:80 -m',
  '-a -t $V:80 -r $S2:80 -m',
  '-a -t $V:443 -r $S1:443 -m',
  '-a -t $V:443 -r $S2:443 -m',
];

function ended(mode: number): Scenario {
  return {
    name: `port reuse, conn_reuse_mode=${mode}`,
    families: [4],
    switches: { conn_reuse_mode: 1 },
    steps: [
      setSwitch('conn_reuse_mode', mode),
      ...admin(...services),
      ...['>S <SA >A >F <F', '>S <SA >A <F >F', '>S <SA >A >F', '>S <SA >A <F', '>S <R', '>S'].map((script, i) =>
        talk(`${script} >S`, { clientPort: 30_000 + i }),
      ),
      talk('>S <SA >A >F <F >S', { clientPort: 30_100, port: 443 }),
      talk('>S <SA >A <R >S', { clientPort: 30_101, port: 443 }),
      connections(),
      ...admin('-e -t $V:80 -r $S1:80 -m -w 0'),
      talk('>S <SA >A >F <F >S', { clientPort: 30_200 }),
      talk('>S', { clientPort: 30_000 }),
      connections(),
      ...admin('-Ln'),
    ],
  };
}

/** A connection of each server in each of the states. */
const WAYS = ['>S', '>S <SA >A', '>S <SA >A >F', '>S <SA >A >F <F', '>S <R'].flatMap((way) => [way, way]);

const again = (script: string) => WAYS.map((_, i) => talk(script, { clientPort: 30_000 + i }));

/** expire_nodest_conn is asked first, whatever conn_reuse_mode is; the rest is left to it. */
function drained(mode: number): Scenario {
  return {
    name: `port reuse of a drained server, conn_reuse_mode=${mode}`,
    switches: { conn_reuse_mode: 1, expire_nodest_conn: 0 },
    steps: [
      setSwitch('conn_reuse_mode', mode),
      ...admin(...services),
      ...WAYS.map((way, i) => talk(way, { clientPort: 30_000 + i })),
      talk('>S <SA >A', { clientPort: 30_100, port: 443 }),
      talk('>S <SA >A', { client: 2, clientPort: 30_100, port: 443 }),
      ...admin('-e -t $V:80 -r $S1:80 -m -w 0', '-e -t $V:443 -r $S1:443 -m -w 0'),
      talk('>S', { clientPort: 30_002 }),
      talk('>S', { clientPort: 30_003 }),
      setSwitch('expire_nodest_conn', 1),
      talk('>A', { clientPort: 30_002 }),
      talk('>A', { clientPort: 30_003 }),
      connections(),
      ...again('>S <SA >A'),
      talk('>S <SA >A', { clientPort: 30_100, port: 443 }),
      talk('>S <SA >A', { client: 2, clientPort: 30_100, port: 443 }),
      connectionsInTheEnd(),
      ...admin('-e -t $V:80 -r $S2:80 -m -w 0', '-Ln'),
      ...again('>S'),
      connectionsInTheEnd(),
      ...admin('-Ln'),
    ],
  };
}

export const reuse: readonly Scenario[] = [ended(1), ended(0), drained(1), drained(0)];
