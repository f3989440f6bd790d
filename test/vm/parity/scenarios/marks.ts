// SPDX-License-Identifier: MIT
// Marks: which port a server sees, marks over addresses, and where marks, persistence, thresholds and removal meet.
import type { Scenario } from '../scenario.ts';
import { admin, connect, connections, connectionsInTheEnd, setSwitch, talk } from '../steps.ts';

const ports = [80, 443, 8000];

const plain: Scenario = {
  name: 'marks: without persistence',
  isMarked: true,
  steps: [
    ...admin('-A $M -s rr', '-a $M -r $S1:0 -m', '-a $M -r $S2 -m'),
    ...ports.map((port) => connect({ clients: [1, 1, 2], port })),
    connect({ clients: [1, 2], port: 443, protocol: 'udp' }),
    connect({ port: 9999 }),
    connections(),
    ...admin('-A -t $V:80 -s rr', '-a -t $V:80 -r $S3:80 -m'),
    connect({ count: 3 }),
    ...admin('-Ln', '-Ln $M', '-D $M'),
    connect({ count: 2 }),
    ...admin('-Ln'),
  ],
};

/** A server's port takes the client's place, unless the service is persistent. */
const remapped: Scenario = {
  name: 'marks: ports of servers',
  isMarked: true,
  steps: [
    ...admin('-A $M -s rr', '-a $M -r $S1:8080 -m', '-a $M -r $S2:0 -m'),
    ...ports.map((port) => connect({ count: 2, port })),
    talk('>S <SA >A', { port: 443 }),
    ...admin('-E $M -s rr -p 50', '-Ln'),
    ...ports.map((port) => connect({ clients: [11, 12], port })),
    connections(),
    ...admin('-Sn'),
  ],
};

const meet: Scenario = {
  name: 'marks × persistence × thresholds × removal',
  isMarked: true,
  switches: { expire_quiescent_template: 0, expire_nodest_conn: 0 },
  steps: [
    ...admin(
      '-A $M -s rr -p 200 $MASK',
      '-a $M -r $S1 -m -x 2',
      '-a $M -r $S2 -m -x 4 -y 2',
      '-A -t $V:80 -s rr',
      '-a -t $V:80 -r $S4:80 -m',
    ),
    connect({ clients: [1, 300, 2, 301], port: 80 }),
    connect({ clients: [1, 300], port: 443 }),
    ...admin('-Ln --thresholds', '-Ln --persistent-conn'),
    connect({ clients: [600, 900, 1], port: 443 }),
    connect({ clients: [1, 300, 600], port: 443, protocol: 'udp' }),
    ...admin('-e $M -r $S1 -m -w 0 -x 2', '-Ln --thresholds'),
    connect({ clients: [1, 300, 1200] }),
    setSwitch('expire_quiescent_template', 1),
    connect({ clients: [1, 300, 1500] }),
    ...admin('-a $M -r $S3 -m', '-d $M -r $S2', '-Ln'),
    connect({ clients: [1, 300, 1800], port: 443 }),
    connections(),
    connect({ clients: [1, 300, 1800], port: 80 }),
    ...admin('-a $M -r $S2 -m -x 9', '-e $M -r $S1 -m -w 2', '-Ln --thresholds', '-Ln --persistent-conn'),
    connect({ clients: [1, 300, 2100, 2400], port: 8000 }),
    connections(),
    setSwitch('expire_nodest_conn', 1),
    ...admin('-d $M -r $S3'),
    connect({ clients: [1, 300, 2700] }),
    connectionsInTheEnd(),
    ...admin('-a $M -r $S3 -m -x 1', '-Ln --thresholds'),
    connect({ clients: [1, 3000, 3300, 3600] }),
    ...admin('-D $M'),
    connect({ clients: [1, 300] }),
    connect({ clients: [1, 300], port: 443 }),
    connectionsInTheEnd(),
  ],
};

const wide: Scenario = {
  name: 'marks: a large number, tcp and udp together',
  isMarked: true,
  steps: [
    ...admin('-A $M -s wlc -p', '-a $M -r $S1 -m', '-a $M -r $S2 -m'),
    talk('>S <SA >A', { client: 1, port: 80 }),
    talk('>- <-', { client: 1, port: 443, protocol: 'udp' }),
    talk('>- <-', { client: 2, port: 443, protocol: 'udp' }),
    talk('>S <SA >A', { client: 2, port: 80 }),
    connections(),
    connections('--persistent-conn'),
    ...admin('-Ln', '-Ln --persistent-conn', '-A -f 4294967295 -s rr', '-Ln', '-Sn'),
  ],
};

export const marks: readonly Scenario[] = [plain, remapped, meet, wide];
