// SPDX-License-Identifier: MIT
// xlvs marks: the marking rules in their order, and the service each leads to.
import type { DataPlane, Filter } from '../../dataplane/data-plane.ts';
import type { MarkRule, Service } from '../../model/model.ts';
import { formatPortRange } from '../../net/port-range.ts';
import { markJson } from '../json-shapes.ts';
import { nounCommand } from '../noun-command.ts';

interface MarkRow {
  readonly rule: MarkRule;
  /** the service of its mark and family */
  readonly service: Service | undefined;
}

export const marks = nounCommand<MarkRow>({
  name: 'marks',
  summary: 'the marking rules, first match first, and the service of each mark',
  details: ['The first rule that matches a packet sets its mark. Service is - when no service has that mark.'],
  columns: [
    { title: 'Mark', align: 'right' },
    { title: 'Pro' },
    { title: 'Address' },
    { title: 'Ports' },
    { title: 'Source' },
    { title: 'Service' },
  ],
  items: markRows,
  cells: ({ rule: { mark, protocol, address, ports, source }, service }) => [
    String(mark),
    protocol.toUpperCase(),
    address,
    ports.map(formatPortRange).join(','),
    source ?? 'any',
    service?.name ?? '-',
  ],
  json: ({ rule, service }) => markJson(rule, service?.name),
});

function markRows(router: DataPlane, filter: Filter): MarkRow[] {
  const { marks: rules, services } = router.state();
  return rules.map((rule) => ({ rule, service: serviceOf(rule, services) })).filter((row) => isWanted(row, filter));
}

function serviceOf({ mark, address }: MarkRule, services: readonly Service[]): Service | undefined {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return services.find(({ key }) => key.kind === 'mark' && key.mark === mark && key.family === family);
}

function isWanted({ service }: MarkRow, filter: Filter): boolean {
  if (filter.service !== undefined && service?.name !== filter.service) return false;
  return filter.server === undefined || (service?.servers ?? []).some(({ address }) => address === filter.server);
}
