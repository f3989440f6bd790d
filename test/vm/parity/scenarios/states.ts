// SPDX-License-Identifier: MIT
// TCP's states: from each that can be reached, every event and every pair of events, of both sides, state by state; UDP's.
import type { Scenario } from '../scenario.ts';
import { admin, connections, setSwitch, talk, walk } from '../steps.ts';

const FLAGS = ['S', 'F', 'A', 'R', '-'];
const EVENTS = FLAGS.flatMap((flags) => [`>${flags}`, `<${flags}`]);

/** How a connection gets there. */
const WAYS: Readonly<Record<string, string>> = {
  SYN_RECV: '>S',
  ESTABLISHED: '>S <SA >A',
  FIN_WAIT: '>S <SA >A <F',
  CLOSE_WAIT: '>S <SA >A >F',
  TIME_WAIT: '>S <SA >A >F <F',
  CLOSE: '>S <R',
  SYN_SENT: '>S <SA >A <F <S',
};

function from(state: string, way: string): Scenario {
  const once = EVENTS.map((event) => `${way} ${event}`);
  const twice = once.flatMap((conversation) => EVENTS.map((event) => `${conversation} ${event}`));
  return {
    name: `TCP from ${state}`,
    families: state === 'ESTABLISHED' ? [4, 6] : [4],
    steps: [
      ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:80 -m', '-a -t $V:80 -r $S2:8080 -m'),
      walk(once, { clientPort: 20_000 }),
      connections(),
      ...admin('-Ln'),
      walk(twice, { clientPort: 21_000 }),
      connections(),
      ...admin('-Ln'),
    ],
  };
}

/** Which flag of several decides. */
const several: Scenario = {
  name: 'TCP: several flags in a segment',
  steps: [
    ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:80 -m'),
    ...['>SA', '>SF', '>SR', '>FA', '>A', '>R', '>-'].map((first) => talk(`${first} <SA >A`)),
    ...['>FA', '<FA', '>RA', '<RA', '>FR', '>SFA', '<SFA'].map((last) => talk(`>S <SA >A ${last}`)),
    connections(),
    ...admin('-Ln'),
  ],
};

const sloppy: Scenario = {
  name: 'sloppy_tcp',
  switches: { sloppy_tcp: 0 },
  steps: [
    ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:80 -m'),
    talk('>A'),
    setSwitch('sloppy_tcp', 1),
    ...['>A <A', '>F', '>FA <A', '>R', '>-', '>SA <A'].map((script) => talk(script)),
    connections(),
  ],
};

const udp: Scenario = {
  name: 'UDP',
  steps: [
    ...admin('-A -u $V:53 -s rr', '-a -u $V:53 -r $S1:53 -m', '-a -u $V:53 -r $S2:5353 -m'),
    ...['>-', '>- <-', '>- <- >- <- >-'].map((script) => talk(script, { port: 53, protocol: 'udp', bytes: 33 })),
    connections(),
    ...admin('-Ln'),
  ],
};

const onePacket: Scenario = {
  name: 'one packet',
  steps: [
    ...admin('-A -u $V:53 -s rr -o', '-a -u $V:53 -r $S1:53 -m', '-a -u $V:53 -r $S2:53 -m'),
    talk('>- <- >- >- <- >-', { port: 53, protocol: 'udp', bytes: 10 }),
    ...admin('-Ln', '-Sn'),
    connections(),
    ...admin('-A -t $V:53 -s rr -o'),
  ],
};

const timeouts: Scenario = {
  name: 'timeouts that are set',
  steps: [
    ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:80 -m', '-A -u $V:53 -s rr', '-a -u $V:53 -r $S1:53 -m'),
    talk('>S <SA >A', { clientPort: 30_001 }),
    ...admin('--set 200 50 70', '-L --timeout'),
    connections(),
    talk('>A', { clientPort: 30_001 }),
    talk('>S <SA >A <F', { clientPort: 30_002 }),
    talk('>- <-', { port: 53, protocol: 'udp' }),
    connections(),
    ...admin('--set 0 0 80', '-L --timeout', '--set 900 120 300', '-L --timeout'),
  ],
};

export const states: readonly Scenario[] = [
  ...Object.entries(WAYS).map(([state, way]) => from(state, way)),
  several,
  sloppy,
  udp,
  onePacket,
  timeouts,
];
