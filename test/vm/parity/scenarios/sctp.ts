// SPDX-License-Identifier: MIT
// SCTP: whole associations with servers at the service's port and at another, each state and event, sloppy_sctp, what is said of it.
import type { Sender } from '../play.ts';
import type { Scenario } from '../scenario.ts';
import { ERRORS, errorFromClient, errorFromServer, fromClient, fromServer } from '../senders.ts';
import { admin, connect, connections, eventually, packets, setSwitch, talk, walk } from '../steps.ts';

const PORT = 2905;
const sctp = { protocol: 'sctp', port: PORT } as const;
const OPEN = '>init <initAck >cookieEcho <cookieAck';
/** The older server last in turn, and at another port. */
const services = [
  `-A --sctp-service $V:${PORT} -s rr`,
  `-a --sctp-service $V:${PORT} -r $S1:9000 -m`,
  `-a --sctp-service $V:${PORT} -r $S2:${PORT} -m`,
];

const EVENTS = [
  ...['data', 'init', 'initAck', 'cookieEcho', 'cookieAck', 'shutdown', 'shutdownAck', 'shutdownComplete'],
  ...['error', 'abort', 'cookieEcho+abort', 'sack'],
].flatMap((chunks) => [`>${chunks}`, `<${chunks}`]);

/** How an association gets there. */
const WAYS: Readonly<Record<string, string>> = {
  INIT1: '>init',
  INIT: '>init >init',
  COOKIE_SENT: '>init <initAck',
  COOKIE_REPLIED: '>init <initAck >cookieEcho',
  COOKIE_WAIT: '>init <init',
  COOKIE: '>init <init >initAck',
  COOKIE_ECHOED: '>init <cookieEcho',
  ESTABLISHED: OPEN,
  SHUTDOWN_SENT: `${OPEN} <shutdown`,
  SHUTDOWN_RECEIVED: `${OPEN} >shutdown`,
  SHUTDOWN_ACK_SENT: `${OPEN} >shutdown <shutdownAck`,
  REJECTED: '>init <abort',
  CLOSED: `${OPEN} >abort`,
};

const associations: Scenario = {
  name: 'SCTP: associations',
  steps: [
    ...admin(...services),
    ...[`${OPEN} >data <sack+data >sack >heartbeat <heartbeatAck`, `${OPEN} <data >sack`].map((script, i) =>
      talk(script, { ...sctp, clientPort: 30_000 + i, bytes: 301 }),
    ),
    connections(),
    ...admin('-Ln', '-Sn'),
    ...['>shutdown <shutdownAck >shutdownComplete', '<shutdown >shutdownAck <shutdownComplete'].map((script, i) =>
      talk(script, { ...sctp, clientPort: 30_000 + i }),
    ),
    ...['>data', '>abort', '>cookieEcho'].map((script) => talk(script, sctp)),
    connect({ ...sctp, clientPort: 20 }),
    connections(),
    ...admin('-Ln'),
    eventually('-Ln --stats --exact'),
  ],
};

const everyState: Scenario = {
  name: 'SCTP: states',
  families: [4],
  steps: [
    ...admin(...services),
    ...Object.values(WAYS).flatMap((way, i) => [
      walk(
        EVENTS.map((event) => `${way} ${event}`),
        { ...sctp, clientPort: 20_000 + 100 * i },
      ),
      connections(),
    ]),
    // INIT1 and REJECTED end in four seconds, in xlvs when its timer comes by
    eventually('-Ln'),
  ],
};

const sloppy: Scenario = {
  name: 'sloppy_sctp',
  switches: { sloppy_sctp: 0 },
  steps: [
    ...admin(...services),
    talk('>data', sctp),
    setSwitch('sloppy_sctp', 1),
    ...EVENTS.filter((event) => event.startsWith('>')).map((event) => talk(`${event} <data`, sctp)),
    connections(),
    ...admin('-Ln'),
  ],
};

/** An INIT from a port that has an association. */
const reuse: Scenario = {
  name: 'SCTP: port reuse, drained and removed servers',
  switches: { conn_reuse_mode: 1, expire_nodest_conn: 0 },
  steps: [
    ...admin(...services),
    ...[OPEN, `${OPEN} >abort`, '>init <abort'].map((way, i) =>
      talk(`${way} >init`, { ...sctp, clientPort: 30_000 + i }),
    ),
    setSwitch('conn_reuse_mode', 0),
    talk(`${OPEN} >abort >init`, { ...sctp, clientPort: 30_010 }),
    talk(OPEN, { ...sctp, clientPort: 30_011 }),
    connections(),
    ...admin(`-e --sctp-service $V:${PORT} -r $S2:${PORT} -m -w 0`),
    setSwitch('expire_nodest_conn', 1),
    ...[30_000, 30_010, 30_011].map((clientPort) => talk('>init <initAck', { ...sctp, clientPort })),
    ...admin(`-d --sctp-service $V:${PORT} -r $S1:9000`, '-Ln'),
    talk('>data', { ...sctp, clientPort: 30_000 }),
    connect({ ...sctp, count: 2 }),
  ],
};

const persistent: Scenario = {
  name: 'SCTP: persistence and marks',
  isMarked: true,
  steps: [
    ...admin(`-A --sctp-service $V:${PORT} -s rr -p 100`, ...services.slice(1)),
    connect({ ...sctp, clients: [1, 2, 1, 2, 3] }),
    ...admin('-A $M -s rr -p 200', '-a $M -r $S1 -m', '-a $M -r $S2 -m'),
    connect({ protocol: 'sctp', port: 80, clients: [1, 2] }),
    connect({ port: 80, clients: [2, 1] }),
    talk(OPEN, { protocol: 'sctp', port: 443, client: 2 }),
    connections(),
    ...admin('-Ln', '-Ln --persistent-conn'),
  ],
};

const about = (make: typeof errorFromClient, clientPort: number): Sender[] => {
  const flow = { ...sctp, clientPort };
  return [
    ...(['portUnreachable', 'tooBig', 'timeExceeded', 'redirect'] as const).map((kind) => make(flow, ERRORS[kind])),
    ...[28, 48].map((length) => make(flow, ERRORS.portUnreachable, { length })),
  ];
};

const said: Scenario = {
  name: 'SCTP: what is said of it',
  steps: [
    ...admin(...services, `-A --sctp-service $V:81 -s rr`),
    ...[30_000, 30_001].map((clientPort) => talk(`${OPEN} <data >data`, { ...sctp, clientPort })),
    connect({ protocol: 'sctp', port: 81 }),
    connect({ protocol: 'sctp', port: 82 }),
    packets(
      'no hops left, too big',
      fromClient({ ...sctp, clientPort: 30_000 }, { ttl: 1 }),
      fromServer({ ...sctp, clientPort: 30_000 }, { ttl: 1 }),
      fromClient({ ...sctp, clientPort: 30_001 }, { bytes: 1380 }),
    ),
    packets("clients' errors", ...about(errorFromClient, 30_000), ...about(errorFromClient, 30_001)),
    packets("servers' errors", ...about(errorFromServer, 30_000), ...about(errorFromServer, 30_001)),
    connections(),
  ],
};

/** One bit of a packet is another one where it arrives. */
const flipped =
  (sender: Sender): Sender =>
  (play, router) => {
    const sent = sender(play, router);
    return sent && { ...sent, ip: sent.ip.map((byte, i) => (i === sent.ip.length - 1 ? byte ^ 1 : byte)) };
  };

const damaged: Scenario = {
  name: 'SCTP: damaged packets',
  steps: [
    ...admin(...services),
    talk(OPEN, { ...sctp, clientPort: 30_000 }),
    talk(OPEN, { ...sctp, clientPort: 30_001 }),
    packets('to the same port', flipped(fromClient({ ...sctp, clientPort: 30_000 }))),
    packets('to another port', flipped(fromClient({ ...sctp, clientPort: 30_001 }))),
  ],
};

export const sctpScenarios: readonly Scenario[] = [associations, everyState, sloppy, reuse, persistent, said, damaged];
