// SPDX-License-Identifier: MIT
// Fragments both ways, in order and not, and errors about them.
import type { Scenario } from '../scenario.ts';
import {
  ERRORS,
  errorFromClient,
  errorFromServer,
  fragmentsFromClient,
  fragmentsFromServer,
  fromClient,
} from '../senders.ts';
import { admin, connections, packets, pause, talk } from '../steps.ts';

const udp = { clientPort: 30_001, port: 53, protocol: 'udp' as const };
const tcp = { clientPort: 30_000 };
const services = admin(
  '-A -u $V:53 -s rr',
  '-a -u $V:53 -r $S1:5353 -m',
  '-a -u $V:53 -r $S2:5353 -m',
  '-A -t $V:80 -s rr',
  '-a -t $V:80 -r $S1:80 -m',
);

const inOrder: Scenario = {
  name: 'fragments in order',
  steps: [
    ...services,
    packets('a request', ...fragmentsFromClient(udp, { bytes: 3000 }, 1200)),
    packets('its answer', ...fragmentsFromServer(udp, { bytes: 4000 }, 1304)),
    packets('another client', ...fragmentsFromClient({ ...udp, client: 2 }, { bytes: 2000 }, 552)),
    connections(),
  ],
};

const segments: Scenario = {
  name: 'fragments of segments',
  steps: [
    ...services,
    talk('>S <SA >A', tcp),
    packets('of the client', ...fragmentsFromClient(tcp, { bytes: 2000 }, 1200)),
    packets('of the server', ...fragmentsFromServer(tcp, { bytes: 2000 }, 1200)),
    connections(),
  ],
};

const errors: Scenario = {
  name: 'ICMP × NAT × fragments',
  steps: [
    ...services,
    packets('a request', ...fragmentsFromClient(udp, { bytes: 3000 }, 1200)),
    packets("the server's errors", errorFromServer(udp, ERRORS.portUnreachable, { length: 540 })),
    packets('its answer', ...fragmentsFromServer(udp, { bytes: 1500 }, 1200)),
    packets("the client's errors", errorFromClient(udp, ERRORS.timeExceeded, { length: 540 })),
  ],
};

const refused: Scenario = {
  name: 'fragments without a server',
  steps: [...admin('-A -u $V:53 -s rr'), packets('a request', ...fragmentsFromClient(udp, { bytes: 1300 }, 1200))],
};

const overtaking: Scenario = {
  name: 'fragments that overtake their first',
  steps: [
    ...services,
    packets('a request', ...fragmentsFromClient(udp, { bytes: 3000 }, 1200, [1, 0, 2])),
    packets('the next', fromClient(udp, { bytes: 10 })),
  ],
};

const counted: Scenario = {
  name: 'counters of fragments',
  steps: [
    ...services,
    packets('a request', ...fragmentsFromClient(udp, { bytes: 3000 }, 1200)),
    packets('its answer', ...fragmentsFromServer(udp, { bytes: 1500 }, 1200)),
    // longer than the kernel takes to sum up
    pause(5),
    ...admin('-Ln --stats'),
  ],
};

export const fragments: readonly Scenario[] = [inOrder, segments, errors, refused, overtaking, counted];
