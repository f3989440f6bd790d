// SPDX-License-Identifier: MIT
// xlvs persistence: which client network keeps which server.
import type { PersistenceEntry } from '../../dataplane/data-plane.ts';
import { persistenceJson } from '../json-shapes.ts';
import { nounCommand } from '../noun-command.ts';
import { clockText, serverText } from '../words.ts';

export const persistence = nounCommand<PersistenceEntry>({
  name: 'persistence',
  summary: 'the persistence entries: which clients keep which server',
  details: ['An entry ends its timeout after the last new connection that used it; active connections hold it longer.'],
  columns: [
    { title: 'Client', width: 18 },
    { title: 'Service' },
    { title: 'Server', width: 15 },
    { title: 'Timeout', align: 'right' },
    { title: 'Expire', align: 'right', width: 7 },
    { title: 'Active', align: 'right' },
  ],
  items: (router, filter) => router.persistence(filter),
  cells: ({ client, service, server, timeout, expires, active }) => [
    client,
    service ?? '-',
    serverText(server),
    `${timeout}s`,
    clockText(expires),
    String(active),
  ],
  json: persistenceJson,
});
