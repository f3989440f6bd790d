// SPDX-License-Identifier: MIT
// IPVS's other switches. Two are not played: which entries drop_entry takes is a random choice of a minute, and cache_bypass is for
// addresses that are not the router's, which IPVS sees only where the kernel's routing sends them to itself.
import type { Sender } from '../play.ts';
import type { Scenario } from '../scenario.ts';
import { ERRORS, errorAboutNothing, type Flow, fromServerUnasked } from '../senders.ts';
import { admin, connect, connections, howMany, packets, setSwitch, talk, walk } from '../steps.ts';

const services = [
  ...['-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:8080 -m', '-a -t $V:80 -r $S2:80 -m'],
  ...['-A -u $V:53 -s rr', '-a -u $V:53 -r $S1:5353 -m'],
  ...['-A --sctp-service $V:2905 -s rr', '-a --sctp-service $V:2905 -r $S1:9000 -m'],
];

/** From where servers listen: flags that wait for an answer, and those that do not. */
const unasked: readonly Sender[] = [
  ...['S', 'SA', 'A', 'F', 'R', 'RA', ''].map((flags) =>
    fromServerUnasked(1, { clientPort: 40_000, port: 8080 }, { flags }),
  ),
  fromServerUnasked(1, { clientPort: 40_001, port: 5353, protocol: 'udp' }, { bytes: 700 }),
  ...(['init', 'data', 'abort'] as const).map((chunk) =>
    fromServerUnasked(1, { clientPort: 40_002, port: 9000, protocol: 'sctp' }, { chunks: [chunk] }),
  ),
  fromServerUnasked(1, { clientPort: 40_003, port: 8081 }),
  fromServerUnasked(3, { clientPort: 40_003, port: 8080 }),
  fromServerUnasked(1, { clientPort: 40_003, port: 5353 }),
];

const natIcmpSend: Scenario = {
  name: 'nat_icmp_send',
  switches: { nat_icmp_send: 0 },
  steps: [
    ...admin(...services),
    packets('unasked', ...unasked),
    setSwitch('nat_icmp_send', 1),
    packets('unasked, once more', ...unasked),
    talk('>S <SA >A', { clientPort: 30_000 }),
    talk('>- <-', { clientPort: 30_000, port: 53, protocol: 'udp' }),
    ...admin('-e -t $V:80 -r $S1:8080 -m -w 0'),
    packets('of a drained server', ...unasked.slice(0, 1)),
    ...admin('-d -t $V:80 -r $S1:8080'),
    packets('of a removed server', ...unasked.slice(0, 1)),
    connections(),
  ],
};

const flows: readonly Flow[] = [
  { clientPort: 40_000 },
  { clientPort: 40_001 },
  { clientPort: 40_000, port: 53, protocol: 'udp' },
  { clientPort: 40_000, port: 2905, protocol: 'sctp' },
  { clientPort: 40_000, port: 443 },
];
const ERROR_KINDS = ['tooBig', 'portUnreachable', 'timeExceeded', 'parameterProblem'] as const;

const scheduleIcmp: Scenario = {
  name: 'schedule_icmp',
  switches: { schedule_icmp: 0 },
  steps: [
    ...admin(
      ...services,
      ...['-A -t $V:443 -s rr -p 100', '-a -t $V:443 -r $S1:443 -m', '-a -t $V:443 -r $S2:443 -m', '-A -t $V:81'],
    ),
    packets('about nothing', ...flows.map((flow) => errorAboutNothing(flow, ERRORS.tooBig))),
    setSwitch('schedule_icmp', 1),
    packets('scheduled errors', ...flows.map((flow) => errorAboutNothing(flow, ERRORS.tooBig))),
    talk('>A <A', { clientPort: 40_000 }),
    talk('>- <-', { clientPort: 40_000, port: 53, protocol: 'udp' }),
    talk('>data <data', { clientPort: 40_000, port: 2905, protocol: 'sctp' }),
    talk('>A <A', { clientPort: 40_000, port: 443 }),
    connect({ clients: [1, 2], port: 443 }),
    ...ERROR_KINDS.map((kind, i) =>
      packets(`${kind} errors`, errorAboutNothing({ clientPort: 41_000 + i }, ERRORS[kind], { length: 48 })),
    ),
    packets('to no server', errorAboutNothing({ clientPort: 42_000, port: 81 }, ERRORS.tooBig)),
    packets('to no service', errorAboutNothing({ clientPort: 42_000, port: 82 }, ERRORS.tooBig)),
    connections(),
    ...admin('-Ln'),
  ],
};

const FLAGS = ['S', 'SA', 'F', 'A', 'R', '-'].flatMap((flags) => [`>${flags}`, `<${flags}`]);
/** SYN_RECV, SYNACK, ESTABLISHED, FIN_WAIT, CLOSE_WAIT, TIME_WAIT, CLOSE. */
const WAYS = ['>S', '>S <SA', '>S <SA >A <A', '>S <SA <A <F', '>S <SA <A >F', '>S <SA <A >F <F', '>S <R'];

const secureTcp: Scenario = {
  name: 'secure_tcp',
  switches: { secure_tcp: 0 },
  steps: [
    ...admin(...services),
    talk('>S <SA', { clientPort: 30_000 }),
    setSwitch('secure_tcp', 3),
    talk('>A <A', { clientPort: 30_000 }),
    walk(WAYS, { clientPort: 20_000 }),
    connections(),
    ...admin('-Ln'),
    setSwitch('secure_tcp', 1),
    talk('>S <SA >A', { clientPort: 30_001 }),
    connections(),
  ],
};

const secureStates: Scenario = {
  name: 'secure_tcp: states',
  families: [4],
  switches: { secure_tcp: 0 },
  steps: [
    ...admin(...services),
    setSwitch('secure_tcp', 3),
    walk(
      WAYS.flatMap((way) => FLAGS.map((flags) => `${way} ${flags}`)),
      { clientPort: 20_000 },
    ),
    connections(),
    ...admin('-Ln'),
  ],
};

/** One of so many is lost; which one it is depends on what was lost before. */
const dropPacket: Scenario = {
  name: 'drop_packet',
  switches: { drop_packet: 0, am_droprate: 10 },
  steps: [
    ...admin(...services),
    talk('>S <SA >A', { clientPort: 30_000 }),
    setSwitch('am_droprate', 1),
    setSwitch('drop_packet', 1),
    connect({ count: 4 }),
    setSwitch('drop_packet', 3),
    connect({ count: 4 }),
    connect({ count: 4, port: 53, protocol: 'udp' }),
    connect({ count: 4, port: 2905, protocol: 'sctp' }),
    talk('>A <A', { clientPort: 30_000 }),
    // IPVS looks at the rate when it looks at the level: each second, and at every change of that
    setSwitch('drop_packet', 0),
    setSwitch('am_droprate', 3),
    setSwitch('drop_packet', 3),
    howMany(connect({ count: 30 })),
    howMany(connect({ count: 30, port: 53, protocol: 'udp' })),
    ...admin('-Ln'),
  ],
};

export const switches: readonly Scenario[] = [natIcmpSend, scheduleIcmp, secureTcp, secureStates, dropPacket];
