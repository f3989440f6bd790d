// SPDX-License-Identifier: MIT
// xlvs connections: every connection, as `ipvsadm -Lnc` lists them.
import type { Connection } from '../../dataplane/data-plane.ts';
import { connectionJson } from '../json-shapes.ts';
import { nounCommand } from '../noun-command.ts';
import { clockText, endpointText } from '../words.ts';

/** 255.255.255.255:65535 */
const ENDPOINT_WIDTH = 21;

export const connections = nounCommand<Connection>({
  name: 'connections',
  summary: 'the connections there are, with their state and server',
  details: ['Expire is what is left of a connection if nothing more is seen of it. Service is - when it was removed.'],
  columns: [
    { title: 'Pro' },
    { title: 'Expire', align: 'right', width: 6 },
    { title: 'State', width: 11 },
    { title: 'Client', width: ENDPOINT_WIDTH },
    { title: 'Virtual', width: ENDPOINT_WIDTH },
    { title: 'Server', width: ENDPOINT_WIDTH },
    { title: 'Service' },
  ],
  items: (router, filter) => router.connections(filter),
  cells: ({ protocol, expires, state, client, virtual, server, service }) => [
    protocol.toUpperCase(),
    clockText(expires),
    state,
    endpointText(client),
    endpointText(virtual),
    endpointText(server),
    service ?? '-',
  ],
  json: connectionJson,
});
