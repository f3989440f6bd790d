// SPDX-License-Identifier: MIT
// From ipvsadm's arguments to its output and exit status: the table of contents of this room.

import { NO_RATES, rateKey, readRates, zeroRates } from '../control/rates.ts';
import { serviceKeyText } from '../control/words.ts';
import type { DataPlane, ServerStatistics, ServiceStatistics } from '../dataplane/data-plane.ts';
import type { ServiceKey } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { Failure, refusal } from './failure.ts';
import { usageText, versionText } from './help.ts';
import { type ConnectionTables, listConnections } from './list-connections.ts';
import { type ListedService, listServices, VERSION_LINE } from './list-services.ts';
import { Names, namedPlace, numericPlace, type PlaceText, type Resolver } from './names.ts';
import { restore } from './restore.ts';
import { saveLines } from './save.ts';
import { keyOf } from './service-of.ts';
import { Table } from './table.ts';
import { templatesOf } from './templates.ts';
import { beginAnew, sinceZeroed, zero } from './zeroes.ts';

/** All that ipvsadm touches. */
export interface IpvsadmWorld {
  /** writes lines to stdout; stops asking for more when nobody reads on */
  print(lines: Iterable<string>): void;
  complain(line: string): void;
  readStdin(): string;
  readonly resolver: Resolver;
  /** the router's, which can be no server's */
  ownAddresses(): ReadonlySet<string>;
  readonly version: string;
  /** The router, to look at. Throws XlvsError `missing` when none runs. */
  look<T>(use: (router: DataPlane) => Promise<T>): Promise<T>;
  /** The router, while nobody else changes it; and what to call when there are servers that were not there before. */
  change<T>(use: (router: DataPlane, onNewServers: () => void) => Promise<T>): Promise<T>;
}

/** Never throws: 0; 2 wrong arguments; 255 refused; 1 a service to list that is not there. */
export async function runIpvsadm(words: readonly string[], world: IpvsadmWorld): Promise<number> {
  try {
    await run(words, world);
    return 0;
  } catch (error) {
    const failure = failureOf(error);
    world.complain(failure.message);
    return failure.status;
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof XlvsError) return refusal(`ipvsadm: ${[error.line, ...error.details].join(' ')}`);
  return refusal(`ipvsadm: ${error instanceof Error ? error.message.replace(/\s*\n\s*/g, ' ') : String(error)}`);
}

async function run(words: readonly string[], world: IpvsadmWorld): Promise<void> {
  const names = new Names(world.resolver);
  const call = await parseArguments(words.length === 0 ? ['-L'] : words, names);
  if (call.command === 'help') return world.print([versionText(world.version), ...usageText()]);
  if (call.command === 'version') return world.print([versionText(world.version)]);
  const text = call.given.has('numeric') ? numericPlace : namedPlace(names);
  if (call.command === 'list') return list(call, world, text);
  if (call.command === 'save')
    return world.look(async (router) => world.print(await saveLines(router.state().services, text)));
  const edit = editOf(call, world, names);
  return world.change(async (router, onNewServers) => {
    const table = await change(call, router, world, edit);
    if (table?.hasNewServers) attempt(onNewServers, world);
  });
}

/** The change itself is done; what follows is told if it fails, and tried again on the next reload. */
function attempt(act: () => void, world: IpvsadmWorld): void {
  try {
    act();
  } catch (error) {
    world.complain(failureOf(error).message);
  }
}

type Edit = (table: Table) => void | Promise<void>;

/** What the command does to the table. What stands on stdin is read here, while others may change the router: it may take long. */
function editOf(call: Arguments, world: IpvsadmWorld, names: Names): Edit {
  if (call.command !== 'restore') return (table) => table.edit(call);
  const text = world.readStdin();
  return (table) => restore(text, table, names);
}

/** Returns the table as it is now, where it was edited. */
async function change(call: Arguments, router: DataPlane, world: IpvsadmWorld, edit: Edit): Promise<Table | undefined> {
  if (call.command === 'start-daemon') throw refusal('xlvs has no sync daemon (--start-daemon)');
  if (call.command === 'stop-daemon') throw refusal('No daemon is running');
  const table = new Table(router.state(), world.ownAddresses());
  if (call.command === 'zero') {
    const only = call.given.has('service-address') ? keyOf(call.service) : undefined;
    if (only) table.service(only);
    zero(router, only);
    zeroRates(router, only ? [only] : router.state().services.map(({ key }) => key));
    return undefined;
  }
  await edit(table);
  router.change(table.change());
  beginAnew(router, table.added);
  zeroRates(router, table.added);
  return table;
}

function list({ given, service }: Arguments, world: IpvsadmWorld, text: PlaceText): Promise<void> {
  return world.look(async (router) => {
    if (given.has('connection')) return printConnections(router, world, text, given.has('persistent-conn'));
    if (given.has('timeout')) {
      const { tcp, tcpfin, udp } = router.state().timeouts;
      return world.print([`Timeout (tcp tcpfin udp): ${tcp} ${tcpfin} ${udp}`]);
    }
    // no sync daemon: as of an IPVS that runs none
    if (given.has('daemon')) return;
    const counted = sinceZeroed(router);
    const services = given.has('rate') ? withRates(counted, router, world) : counted;
    if (!given.has('service-address'))
      return world.print([VERSION_LINE, ...(await listServices(services, given, text))]);
    const only = services.filter((one) => serviceKeyText(one.key) === serviceKeyText(keyOf(service)));
    if (only.length === 0) throw new Failure(1, 'No such service');
    world.print(await listServices(only, given, text));
  });
}

/** Without a daemon nobody samples the counters: zeros, and a word about it. */
function withRates(services: readonly ServiceStatistics[], router: DataPlane, world: IpvsadmWorld): ListedService[] {
  const kept = readRates(router);
  if (!kept) world.complain('ipvsadm: no rates: the daemon keeps them, and none runs; see xlvs run');
  const rates = (key: ServiceKey, server?: ServerStatistics) => kept?.get(rateKey(key, server)) ?? NO_RATES;
  return services.map((service) => ({
    ...service,
    rates: rates(service.key),
    servers: service.servers.map((server) => ({ ...server, rates: rates(service.key, server) })),
  }));
}

async function printConnections(
  router: DataPlane,
  world: IpvsadmWorld,
  text: PlaceText,
  withEngines: boolean,
): Promise<void> {
  const connections = [...router.connections()];
  const tables: ConnectionTables = { connections, templates: templatesOf(router) };
  const lines: string[] = [];
  for await (const line of listConnections(tables, text, withEngines)) lines.push(line);
  world.print(lines);
}
