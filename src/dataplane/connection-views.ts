// SPDX-License-Identifier: MIT
// The connection and persistence tables in LVS words, read in batches.
import * as abi from '../abi/index.ts';
import { addressFromAbi, ipv4FromWord, protocolName, secondsOf, ticksNow, ticksSince } from './abi-values.ts';
import type { Connection, Filter, PersistenceEntry } from './data-plane.ts';
import { readDocument } from './documents.ts';
import type { RouterMaps } from './pins.ts';
import { Registry } from './registry.ts';
import { readServers } from './server-records.ts';
import { serviceKeyFromText } from './service-keys.ts';
import { readSettings } from './settings-map.ts';
import { stateWord } from './state-words.ts';

/** What names a connection's service and server. */
interface Names {
  readonly servers: ReadonlyMap<number, abi.Server>;
  readonly services: ReadonlyMap<number, abi.Service>;
}

function readNames(maps: RouterMaps): Names {
  const services = new Map([...maps.services.values()].map((record) => [record.id, record] as const));
  return { servers: readServers(maps), services };
}

function serviceName(names: Names, slot: number): string | undefined {
  const server = names.servers.get(slot);
  return server && names.services.get(server.service)?.name;
}

function wanted(filter: Filter | undefined, service: string | undefined, server: string): boolean {
  if (filter?.service !== undefined && filter.service !== service) return false;
  return filter?.server === undefined || filter.server === server;
}

/** Ticks left of a life that was last renewed at `since`; 0 when it is over but not yet cleared away. */
function secondsLeft(life: number, since: number, now: number): number {
  return Math.max(0, secondsOf(life - ticksSince(since, now)));
}

const STATE_MASK = 0x1f;

/** A half of either family; its addresses are of the table's own kind. */
type Half<A> = Omit<abi.Connection, 'key' | 'address'> & { readonly key: Key<A>; readonly address: A };
type Key<A> = Omit<abi.FlowKey, 'source' | 'destination'> & { readonly source: A; readonly destination: A };

/** One family's connection table. */
interface Table<A> {
  readonly map: { values(): Iterable<Half<A>>; get(key: Key<A>): Half<A> | undefined };
  readonly translations: { get(key: Key<A>): { readonly address: A; readonly port: number } | undefined };
  readonly text: (address: A) => string;
}

/** Forward halves of both families, with the later of both halves' time stamps where the reply half is newer. */
export function* readConnections(maps: RouterMaps, filter?: Filter): IterableIterator<Connection> {
  const names = readNames(maps);
  const ipv4 = { map: maps.connections, translations: maps.translations, text: ipv4FromWord };
  yield* readTable(maps, ipv4, names, filter);
  const text = (address: abi.Address): string => addressFromAbi(address, abi.Family.IPV6);
  yield* readTable(maps, { map: maps.connections6, translations: maps.translations6, text }, names, filter);
}

function* readTable<A>(maps: RouterMaps, table: Table<A>, names: Names, filter?: Filter): IterableIterator<Connection> {
  const { timeouts } = readSettings(maps);
  const now = ticksNow();
  for (const record of table.map.values()) {
    const state = record.state & STATE_MASK;
    if (record.direction !== abi.Direction.FORWARD || state === abi.State.DEAD) continue;
    const service = serviceName(names, record.server);
    const server = table.text(record.address);
    if (!wanted(filter, service, server)) continue;
    const { key } = record;
    const seen = lastSeen(table, record, now);
    yield {
      protocol: protocolName(key.protocol),
      state: stateWord(state),
      expires: secondsLeft(timeouts[state] ?? 0, seen, now),
      client: { address: table.text(key.source), port: key.sourcePort },
      virtual: { address: table.text(key.destination), port: key.destinationPort },
      server: { address: server, port: record.port },
      service,
      persistent: record.prefix > 0,
    };
  }
}

/** A flow that only replies renews its reply half alone. With snat that one is a reply to the router. */
function lastSeen<A>({ map, translations }: Table<A>, forward: Half<A>, now: number): number {
  if (ticksSince(forward.lastSeen, now) < 30) return forward.lastSeen;
  const { key } = forward;
  const router = forward.state & abi.HalfFlag.SNAT ? translations.get(key) : undefined;
  const reply = map.get({
    source: forward.address,
    destination: router?.address ?? key.source,
    sourcePort: forward.port,
    destinationPort: router?.port ?? key.sourcePort,
    protocol: key.protocol,
    reserved: key.reserved,
  });
  if (!reply) return forward.lastSeen;
  return ticksSince(reply.lastSeen, now) < ticksSince(forward.lastSeen, now) ? reply.lastSeen : forward.lastSeen;
}

/** Entries that still decide; what has expired and waits to be cleared away is left out. */
export function* readPersistence(maps: RouterMaps, filter?: Filter): IterableIterator<PersistenceEntry> {
  const names = readNames(maps);
  const keys = Registry.parse(readDocument(maps.documents, 'registry')).keyTexts;
  const now = ticksNow();
  for (const [key, entry] of maps.persistence.entries()) {
    const idle = ticksSince(entry.lastUsed, now);
    if (entry.active === 0 && idle > entry.timeout) continue;
    const service = names.services.get(key.service);
    const server = names.servers.get(entry.server);
    // its slot is another service's by now
    if (server && server.service !== key.service) continue;
    const address = server ? addressFromAbi(server.address, server.family) : '';
    if (!wanted(filter, service?.name, address)) continue;
    yield {
      client: clientNetwork(key, service, server),
      service: service?.name,
      key: serviceKeyFromText(keys.get(key.service) ?? ''),
      server: { address, port: server?.port ?? 0 },
      timeout: Math.floor(secondsOf(entry.timeout)),
      // active connections re-arm an entry by its own timeout
      expires: secondsOf(entry.timeout - (entry.timeout > 0 ? idle % entry.timeout : 0)),
      active: entry.active,
      assured: entry.assured !== 0,
    };
  }
}

/** The length is what the service has now. The family is its server's: a removed service does not tell any more. */
function clientNetwork(
  key: abi.PersistenceKey,
  service: abi.Service | undefined,
  server: abi.Server | undefined,
): string {
  const family = server?.family ?? abi.Family.IPV4;
  const bits = family === abi.Family.IPV6 ? 128 : 32;
  return `${addressFromAbi(key.client, family)}/${service?.persistencePrefix || bits}`;
}
