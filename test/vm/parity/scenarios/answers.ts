// SPDX-License-Identifier: MIT
// What a router says itself, and what it says of others' words: no server, no hops left, too big; errors of both sides about
// connections; echo; ports without a service.
import { packet } from '../packet.ts';
import type { Sender } from '../play.ts';
import type { Scenario } from '../scenario.ts';
import { ERRORS, errorFromClient, errorFromServer, fromClient, fromServer } from '../senders.ts';
import { admin, connect, connections, eventually, packets, talk } from '../steps.ts';
import { GATEWAY_MAC } from '../world.ts';

const both = (...options: readonly string[]): string[] =>
  options.flatMap((line) => [`${line} -t $V:80`, `${line} -u $V:53`]);

const refused: Scenario = {
  name: 'no server',
  steps: [
    ...admin('-A -t $V:80 -s rr', '-A -u $V:53 -s rr', '-A -t $V:81 -s ovf', '-a -t $V:81 -r $S1:81 -m -w 1'),
    packets(
      'small',
      fromClient({ clientPort: 1 }, { flags: 'S' }),
      fromClient({ clientPort: 1, port: 53, protocol: 'udp' }),
    ),
    packets(
      'large',
      fromClient({ clientPort: 2 }, { flags: 'S', bytes: 1300 }),
      fromClient({ clientPort: 2, port: 53, protocol: 'udp' }, { bytes: 1300 }),
    ),
    packets(
      'no connection',
      fromClient({ clientPort: 3 }, { flags: 'A' }),
      fromClient({ clientPort: 4 }, { flags: 'R' }),
    ),
    ...admin('-a -t $V:80 -r $S1:80 -m -w 0', '-a -u $V:53 -r $S1:53 -m -w 0'),
    connect({ count: 2 }),
    connect({ count: 2, port: 53, protocol: 'udp' }),
    talk('>S <SA >A', { port: 81 }),
    talk('>S <SA >A', { port: 81 }),
    connect({ count: 2, port: 81 }),
    connections(),
    eventually('-Ln --stats'),
    ...admin('-A -t $V:82 -s none', '-a -t $V:82 -r $S1:82 -m', '-Ln'),
    connect({ port: 82 }),
  ],
};

const notOurs: Scenario = {
  name: 'ports without a service',
  steps: [
    ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:80 -m'),
    packets(
      'to the address',
      fromClient({ clientPort: 5, port: 4 }, { flags: 'S' }),
      fromClient({ clientPort: 5, port: 4, protocol: 'udp' }, { bytes: 20 }),
      fromClient({ clientPort: 5, port: 80, protocol: 'udp' }, { bytes: 20 }),
    ),
    packets('echo', (play) => {
      const ends = { from: { address: play.client(1), port: 0 }, to: { address: play.vip, port: 0 } };
      const type = play.family === 4 ? 8 : 128;
      const ip = packet({ ...ends, protocol: 'icmp', icmp: { type, rest: 0x00070001 }, payload: new Uint8Array(40) });
      return { side: 'public', sourceMac: GATEWAY_MAC, ip };
    }),
  ],
};

const hops: Scenario = {
  name: 'hops',
  steps: [
    ...admin(...both('-A').map((line) => `${line} -s rr`), '-a -t $V:80 -r $S1:80 -m', '-a -u $V:53 -r $S1:53 -m'),
    ...[1, 2, 3, 255].map((ttl) =>
      packets(
        `${ttl} left`,
        fromClient({ clientPort: 100 + ttl }, { flags: 'S', ttl }),
        fromServer({ clientPort: 100 + ttl }, { flags: 'SA', ttl }),
        fromClient({ clientPort: 100 + ttl, port: 53, protocol: 'udp' }, { ttl, bytes: 11 }),
        fromServer({ clientPort: 100 + ttl, port: 53, protocol: 'udp' }, { ttl, bytes: 12 }),
      ),
    ),
    talk('>S <SA >A', { clientPort: 30_000 }),
    packets(
      'one left in a connection',
      fromClient({ clientPort: 30_000 }, { ttl: 1, bytes: 900 }),
      fromServer({ clientPort: 30_000 }, { ttl: 1, bytes: 900 }),
    ),
    connections(),
  ],
};

/** The private side's MTU is 1400. */
const tooBig: Scenario = {
  name: 'too big for the private side',
  steps: [
    ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:80 -m', '-A -u $V:53 -s rr', '-a -u $V:53 -r $S1:53 -m'),
    talk('>S <SA >A', { clientPort: 30_000 }),
    packets(
      'must not be fragmented',
      fromClient({ clientPort: 30_000 }, { bytes: 1340 }),
      fromClient({ clientPort: 30_000 }, { bytes: 1400 }),
      fromClient({ clientPort: 30_001, port: 53, protocol: 'udp' }, { bytes: 1400 }),
      fromClient({ clientPort: 30_000 }, { bytes: 100 }),
    ),
    packets(
      'may be',
      fromClient({ clientPort: 30_000 }, { bytes: 1400, isFragmentable: true }),
      fromClient({ clientPort: 30_002, port: 53, protocol: 'udp' }, { bytes: 1400, isFragmentable: true }),
    ),
    connections(),
  ],
};

const KINDS = ['portUnreachable', 'hostUnreachable', 'tooBig', 'timeExceeded', 'parameterProblem', 'redirect'] as const;
const tcp = { clientPort: 30_000 };
const udp = { clientPort: 30_001, port: 53, protocol: 'udp' as const };
const FAR = { 4: '203.0.113.77', 6: '2001:db8:77::7' } as const;

const about = (make: typeof errorFromClient): Sender[] =>
  [tcp, udp].flatMap((flow) => [
    ...KINDS.map((kind) => make(flow, ERRORS[kind])),
    ...[28, 48].map((length) => make(flow, ERRORS.portUnreachable, { length })),
    ((play, router) => make(flow, ERRORS.timeExceeded, { from: FAR[play.family] })(play, router)) satisfies Sender,
  ]);

const errors = (name: string, ...services: readonly string[]): Scenario => ({
  name,
  steps: [
    ...admin(...services),
    talk('>S <SA >A <A', tcp),
    talk('>- <-', { ...udp, bytes: 64 }),
    packets("clients' errors", ...about(errorFromClient)),
    packets("servers' errors", ...about(errorFromServer)),
    connections(),
    packets(
      'of connections that are not there',
      ...[tcp, udp].map((flow) => errorFromClient({ ...flow, client: 9 }, ERRORS.tooBig)),
    ),
    talk('>A <A', tcp),
  ],
});

/** What the server sends has no more to tell them apart by. */
const twoServices: Scenario = {
  name: 'one port of a client to two services with one server',
  steps: [
    ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S1:80 -m', '-A -t $V:81 -s rr', '-a -t $V:81 -r $S1:80 -m'),
    packets('the first', fromClient({ clientPort: 30_000 }, { flags: 'S' })),
    packets('the second', fromClient({ clientPort: 30_000, port: 81 }, { flags: 'S' })),
  ],
};

export const answers: readonly Scenario[] = [
  refused,
  twoServices,
  notOurs,
  hops,
  tooBig,
  errors(
    'ICMP about connections',
    '-A -t $V:80 -s rr',
    '-a -t $V:80 -r $S1:8080 -m',
    '-A -u $V:53 -s rr',
    '-a -u $V:53 -r $S2:5353 -m',
  ),
  errors(
    'ICMP about persistent connections',
    '-A -t $V:80 -s rr -p 100',
    '-a -t $V:80 -r $S1:80 -m',
    '-A -u $V:53 -s rr -p 100',
    '-a -u $V:53 -r $S2:53 -m',
  ),
];
