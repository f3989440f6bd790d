// SPDX-License-Identifier: MIT
// Persistence: its timer, its networks, drained and removed servers with the switches that go with them, ports it groups.
import type { Scenario } from '../scenario.ts';
import { fromClient, fromServer } from '../senders.ts';
import { admin, connect, connections, connectionsInTheEnd, packets, pause, setSwitch, talk } from '../steps.ts';

const twoServers = ['-a -t $V:80 -r $S1:80 -m', '-a -t $V:80 -r $S2:80 -m'];

const timer: Scenario = {
  name: 'persistence: timer and network',
  steps: [
    ...admin('-A -t $V:80 -s rr -p 60 $MASK', ...twoServers),
    connect({ clients: [1, 2, 300, 301, 1, 300] }),
    connections(),
    pause(3),
    connect({ client: 300 }),
    connections(),
    ...admin('-E -t $V:80 -s rr -p 100 $MASK', '-Ln'),
    connect({ clients: [1, 600] }),
    connections(),
    ...admin('-E -t $V:80 -s rr', '-Ln'),
    connect({ clients: [1, 1, 300] }),
    ...admin('-Ln --persistent-conn', '-Sn'),
  ],
};

const held: Scenario = {
  name: 'persistence: an entry that connections hold',
  families: [4],
  steps: [
    ...admin('-A -t $V:80 -s rr -p 6', ...twoServers),
    talk('>S <SA >A', { client: 1 }),
    pause(8),
    connections(),
    connect({ clients: [1, 2] }),
  ],
};

const assured: Scenario = {
  name: 'persistence: states of entries',
  steps: [
    ...admin('-A -t $V:80 -s rr -p 100', '-A -u $V:53 -s rr -p 100', '-a -u $V:53 -r $S1:53 -m', ...twoServers),
    connect({ client: 1 }),
    connections(),
    talk('>S <SA >A', { client: 1 }),
    talk('>S <SA >A >F', { client: 2 }),
    talk('>- <-', { client: 3, port: 53, protocol: 'udp' }),
    talk('>-', { client: 4, port: 53, protocol: 'udp' }),
    connections(),
    connections('--persistent-conn'),
    ...admin('-Ln --persistent-conn'),
  ],
};

const drained: Scenario = {
  name: 'persistence: a drained server',
  switches: { expire_quiescent_template: 0 },
  steps: [
    ...admin('-A -t $V:80 -s rr -p 300', ...twoServers),
    talk('>S <SA >A', { client: 1, clientPort: 30001 }),
    ...admin('-e -t $V:80 -r $S2:80 -m -w 0'),
    connect({ clients: [1, 2, 3] }),
    connections(),
    setSwitch('expire_quiescent_template', 1),
    packets('the connection goes on', fromClient({ clientPort: 30001 }), fromServer({ clientPort: 30001 })),
    connect({ clients: [1, 2] }),
    connections(),
    ...admin('-e -t $V:80 -r $S2:80 -m -w 1', '-Ln'),
    connect({ clients: [1, 4, 5] }),
    ...admin('-Ln --persistent-conn'),
  ],
};

const removed: Scenario = {
  name: 'persistence: a removed server',
  steps: [
    ...admin('-A -t $V:80 -s rr -p 300', ...twoServers),
    talk('>S <SA >A', { client: 1, clientPort: 30001 }),
    ...admin('-d -t $V:80 -r $S2:80'),
    packets('nothing for its connections', fromClient({ clientPort: 30001 }), fromServer({ clientPort: 30001 })),
    connect({ clients: [1, 2] }),
    ...admin('-Ln'),
    connections(),
    ...admin('-a -t $V:80 -r $S2:80 -m'),
    packets('its connections again', fromClient({ clientPort: 30001 }), fromServer({ clientPort: 30001 })),
    connect({ clients: [1, 2, 3, 4] }),
    connections(),
    ...admin('-Ln --persistent-conn'),
  ],
};

/** Ports of one client, the server's own port named or not. */
const anyPort: Scenario = {
  name: 'persistence: every port',
  steps: [
    ...admin('-A -t $V:0 -s rr -p 100', '-a -t $V:0 -r $S1:8080 -m', '-a -t $V:0 -r $S2 -m'),
    ...[80, 443, 8080].map((port) => connect({ clients: [1, 2, 3], port })),
    ...admin('-A -t $V:443 -s rr', '-a -t $V:443 -r $S3:443 -m'),
    connect({ clients: [1, 2], port: 443 }),
    connections(),
    ...admin('-Ln', '-Sn', '-A -t $V:0 -s rr'),
  ],
};

const ftp: Scenario = {
  name: 'FTP: data ports of a persistent service',
  steps: [
    ...admin('-A -t $V:21 -s rr -p 100', '-a -t $V:21 -r $S1:21 -m', '-a -t $V:21 -r $S2:21 -m'),
    connect({ clients: [1, 2], port: 21 }),
    ...[20, 1023, 1024, 20_000].map((port) => connect({ clients: [1, 2], port })),
    connect({ client: 3, port: 30_000 }),
    connect({ client: 3, port: 21, clientPort: 20 }),
    connections(),
    ...admin('-E -t $V:21 -s rr', '-Ln'),
    connect({ clients: [4, 5], port: 21 }),
    connect({ client: 4, port: 20_000 }),
  ],
};

const udpRemoved: Scenario = {
  name: 'UDP: a removed server',
  switches: { expire_nodest_conn: 0 },
  steps: [
    ...admin('-A -u $V:53 -s rr', '-a -u $V:53 -r $S1:53 -m', '-a -u $V:53 -r $S2:53 -m'),
    talk('>- <-', { clientPort: 30001, port: 53, protocol: 'udp' }),
    ...admin('-d -u $V:53 -r $S2:53'),
    talk('>- <-', { clientPort: 30001, port: 53, protocol: 'udp' }),
    connections(),
    setSwitch('expire_nodest_conn', 1),
    talk('>- <- >-', { clientPort: 30001, port: 53, protocol: 'udp' }),
    connections(),
  ],
};

const tcpRemoved: Scenario = {
  name: 'TCP: a removed server, expire_nodest_conn',
  switches: { expire_nodest_conn: 0 },
  steps: [
    ...admin('-A -t $V:80 -s rr', ...twoServers),
    setSwitch('expire_nodest_conn', 1),
    talk('>S <SA >A', { clientPort: 30001 }),
    talk('>S <SA >A', { clientPort: 30002 }),
    ...admin('-d -t $V:80 -r $S2:80'),
    packets('the middle of a connection', fromClient({ clientPort: 30001 }), fromClient({ clientPort: 30002 })),
    connectionsInTheEnd(),
    talk('>S <SA >A', { clientPort: 30001 }),
    ...admin('-e -t $V:80 -r $S1:80 -m -w 0', '-a -t $V:80 -r $S3:80 -m'),
    talk('>S', { clientPort: 30002 }),
    connections(),
    ...admin('-Ln'),
  ],
};

export const persistence: readonly Scenario[] = [
  timer,
  held,
  assured,
  drained,
  removed,
  anyPort,
  ftp,
  udpRemoved,
  tcpRemoved,
];
