// SPDX-License-Identifier: MIT
// The table of services in each of ipvsadm's views.
import { NO_RATES, type Rates } from '../control/rates.ts';
import type { Counters, ServerStatistics, ServiceStatistics } from '../dataplane/data-plane.ts';
import { largeNumber } from './large-number.ts';
import { numericPlace, type PlaceText } from './names.ts';
import type { OptionName } from './options.ts';
import { familyOfKey, listedName, protocolOfKey, settingsText } from './service-text.ts';
import { placeOrder, serviceOrder } from './sort.ts';

/** IPVS 1.2.1 with its usual number of buckets: what every listing begins with. */
export const VERSION_LINE = 'IP Virtual Server version 1.2.1 (size=4096)';

/** A service with what the views show of it and its servers; without rates they are zero. */
export interface ListedService extends Omit<ServiceStatistics, 'servers'> {
  readonly rates?: Rates;
  readonly servers: readonly ListedServer[];
}

export interface ListedServer extends ServerStatistics {
  readonly rates?: Rates;
}

/** A view: its title, and what stands behind a service's and a server's name. */
interface View {
  readonly title: readonly [string, string];
  service(service: ListedService, isExact: boolean): string;
  server(server: ListedServer, isExact: boolean): string;
}

const REMOTE = '  -> RemoteAddress:Port';
const columns = (widths: readonly number[], cells: readonly (string | number | bigint)[]): string =>
  cells.map((cell, i) => String(cell).padEnd(widths[i] as number)).join(' ');
const rightColumns = (cells: readonly (string | number | bigint)[]): string =>
  cells.map((cell) => ` ${String(cell).padStart(8)}`).join('');
const title = (cells: string): readonly [string, string] => ['Prot LocalAddress:Port'.padEnd(33) + cells, REMOTE];

const counterCells = ({ connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes }: Counters) =>
  [connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes] as const;

const countersText = ({ counters }: { counters: Counters }, isExact: boolean): string =>
  counterCells(counters)
    .map((count) => largeNumber(count, isExact))
    .join('');

function ratesText({ rates = NO_RATES }: { readonly rates?: Rates }, isExact: boolean): string {
  const { connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes } = rates;
  const bytes = [incomingBytes, outgoingBytes].map((rate) => largeNumber(rate, isExact));
  return rightColumns([connections, incomingPackets, outgoingPackets]) + bytes.join('');
}

const settings = (service: ListedService): string => ` ${settingsText(service)}`;

const STATS: View = {
  title: title(rightColumns(['Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'])),
  service: countersText,
  server: countersText,
};

const RATE: View = {
  title: title(rightColumns(['CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS'])),
  service: ratesText,
  server: ratesText,
};

const THRESHOLDS: View = {
  title: title(` ${columns([10, 10, 10, 10], ['Uthreshold', 'Lthreshold', 'ActiveConn', 'InActConn'])}`),
  service: settings,
  server: ({ upperThreshold = 0, lowerThreshold = 0, active, inactive }) =>
    ` ${columns([10, 10, 10, 10], [upperThreshold, lowerThreshold, active, inactive])}`,
};

const PERSISTENCE: View = {
  title: title(` ${columns([9, 11, 10, 10], ['Weight', 'PersistConn', 'ActiveConn', 'InActConn'])}`),
  service: settings,
  server: ({ weight, persistence, active, inactive }) =>
    ` ${columns([9, 11, 10, 10], [weight, persistence, active, inactive])}`,
};

const TUNNELS: View = {
  title: [
    'Prot LocalAddress:Port Scheduler Flags',
    `${REMOTE}           Forward TunnelInfo    Weight ActiveConn InActConn`,
  ],
  service: settings,
  server: ({ weight, active, inactive }) =>
    ` ${columns([7, 13, 6, 10, 10], ['Masq', 'n/a', weight, active, inactive])}`,
};

const PLAIN: View = {
  title: ['Prot LocalAddress:Port Scheduler Flags', `${REMOTE}           Forward Weight ActiveConn InActConn`],
  service: settings,
  server: ({ weight, active, inactive }) => ` ${columns([7, 6, 10, 10], ['Masq', weight, active, inactive])}`,
};

/** Of several, ipvsadm shows the first of these. */
function viewOf(given: ReadonlySet<OptionName>): View {
  if (given.has('stats')) return STATS;
  if (given.has('rate')) return RATE;
  if (given.has('thresholds')) return THRESHOLDS;
  if (given.has('persistent-conn')) return PERSISTENCE;
  return given.has('tun-info') ? TUNNELS : PLAIN;
}

/** A server's address and port are cut to this for IPv4, filled up to it for all. */
const SERVER_WIDTH = 28;

async function serviceLines(
  service: ListedService,
  view: View,
  given: ReadonlySet<OptionName>,
  text: PlaceText,
): Promise<string[]> {
  const isExact = given.has('exact');
  const isIpv6 = familyOfKey(service.key) === 'ipv6';
  const name = await listedName(service, text);
  const width = view === STATS || view === RATE ? 33 : 0;
  const newest = [...service.servers].reverse();
  const servers = given.has('nosort') ? newest : newest.sort(placeOrder);
  const lines = [name.padEnd(width) + view.service(service, isExact)];
  for (const server of servers) {
    const place = await text(server, protocolOfKey(service.key));
    const cut = isIpv6 ? place : place.slice(0, SERVER_WIDTH);
    lines.push(`  -> ${cut.padEnd(SERVER_WIDTH)}${view.server(server, isExact)}`);
  }
  return lines;
}

/** IPVS has those of marks in a table of their own, which it lists last. */
const marksLast = (services: readonly ListedService[]): ListedService[] =>
  [false, true].flatMap((isLast) => services.filter(({ key }) => (key.kind === 'mark') === isLast));

/** The lines of a listing without the first. */
export async function listServices(
  services: readonly ListedService[],
  given: ReadonlySet<OptionName>,
  text: PlaceText = numericPlace,
): Promise<string[]> {
  const view = viewOf(given);
  const sorted = given.has('nosort') ? marksLast(services) : [...services].sort(serviceOrder);
  const lines: string[] = [...view.title];
  for (const service of sorted) lines.push(...(await serviceLines(service, view, given, text)));
  return lines;
}
