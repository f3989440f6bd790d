// SPDX-License-Identifier: MIT
// xlvs services: the table of services, with the sums of their servers.
import type { ServiceStatistics } from '../../dataplane/data-plane.ts';
import { COUNTER_COLUMNS, counterCells } from '../counter-columns.ts';
import { serviceJson } from '../json-shapes.ts';
import { nounCommand } from '../noun-command.ts';
import { selectServices } from '../select-services.ts';
import { keyText, persistenceText } from '../words.ts';

export const services = nounCommand<ServiceStatistics>({
  name: 'services',
  summary: 'the services, with what they counted',
  details: ['Counters are sums over the servers of a service, removed ones included; --json lists the servers too.'],
  columns: [
    { title: 'Name' },
    { title: 'Service' },
    { title: 'Scheduler' },
    { title: 'Persistence' },
    { title: 'Servers', align: 'right' },
    ...COUNTER_COLUMNS,
  ],
  items: (router, filter) => selectServices(router.statistics().services, filter),
  cells: ({ name, key, scheduler, persistence, servers, counters }) => [
    name,
    keyText(key),
    scheduler,
    persistenceText(persistence),
    String(servers.length),
    ...counterCells(sum(servers, 'active'), sum(servers, 'inactive'), counters),
  ],
  json: serviceJson,
});

function sum(servers: ServiceStatistics['servers'], field: 'active' | 'inactive'): number {
  return servers.reduce((total, server) => total + server[field], 0);
}
