// SPDX-License-Identifier: MIT
// xlvs servers: the servers of all services.
import { COUNTER_COLUMNS, counterCells } from '../counter-columns.ts';
import { serverJson } from '../json-shapes.ts';
import { nounCommand } from '../noun-command.ts';
import { type ServerRow, selectServers } from '../select-services.ts';
import { serverText } from '../words.ts';

export const servers = nounCommand<ServerRow>({
  name: 'servers',
  summary: 'the servers, with weight and what they counted',
  details: ['A server of two services has two rows. A server without a port keeps the port the client used.'],
  columns: [
    { title: 'Service' },
    { title: 'Server' },
    { title: 'Weight', align: 'right' },
    { title: 'Persistent', align: 'right' },
    ...COUNTER_COLUMNS,
  ],
  items: (router, filter) => selectServers(router.statistics().services, filter),
  cells: ({ service, server }) => [
    service,
    serverText(server),
    String(server.weight),
    String(server.persistence),
    ...counterCells(server.active, server.inactive, server.counters),
  ],
  json: ({ service, server }) => serverJson(service, server),
});
