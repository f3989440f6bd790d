// SPDX-License-Identifier: MIT
// -c: connections and, as IPVS lists them, the persistence entries that control them (templates), client port 0.
import type { Connection, PersistenceEntry } from '../dataplane/data-plane.ts';
import type { Protocol, ServiceKey } from '../model/model.ts';
import type { Place, PlaceText } from './names.ts';

export const CONNECTIONS_TITLE = 'IPVS connection entries';
const COLUMNS = 'pro expire state       source             virtual            destination';
const ENGINE_COLUMNS = `${COLUMNS}        pe name          pe_data`;

export interface Row {
  /** undefined: IP, a mark's template */
  readonly protocol: Protocol | undefined;
  readonly expires: number;
  readonly state: string;
  readonly places: readonly [Place, Place, Place];
}

const FTP = 21;

/** 12 seconds: `00:12`; minutes are not folded into hours. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return [Math.floor(whole / 60), whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

const connectionRow = ({ protocol, state, expires, client, virtual, server }: Connection): Row => ({
  protocol,
  expires,
  state,
  places: [client, virtual, server],
});

/** A mark as an address: 80 is 0.0.0.80, and 0:50:: in IPv6. */
function markAddress({ mark, family }: ServiceKey & { kind: 'mark' }): string {
  const [a, b, c, d] = [24, 16, 8, 0].map((shift) => (mark >>> shift) & 255) as [number, number, number, number];
  if (family === 'ipv4') return [a, b, c, d].join('.');
  const groups = [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16));
  return `${groups.join(':')}::`;
}

/** `undefined` when nobody knows any more what its service was. */
export function templateRow(entry: PersistenceEntry, key: ServiceKey | undefined): Row | undefined {
  if (!key) return undefined;
  const client: Place = { address: entry.client.split('/')[0] as string, port: 0 };
  const state = entry.assured ? 'ASSURED' : 'NONE';
  const { expires, server } = entry;
  if (key.kind === 'mark') {
    const places = [client, { address: markAddress(key), port: 0 }, { ...server, port: 0 }] as const;
    return { protocol: undefined, expires, state, places };
  }
  const isAnyPort = key.port === 0 || key.port === FTP;
  const virtual = { address: key.address, port: isAnyPort ? 0 : key.port };
  const places = [client, virtual, { ...server, port: isAnyPort ? 0 : server.port }] as const;
  return { protocol: key.protocol, expires, state, places };
}

async function rowText({ protocol, expires, state, places }: Row, text: PlaceText): Promise<string> {
  const [client, virtual, server] = await Promise.all(places.map((place) => text(place, protocol)));
  const cells = [
    (protocol ?? 'ip').toUpperCase().padEnd(3),
    clock(expires).padEnd(6),
    state.padEnd(11),
    (client as string).padEnd(18),
    (virtual as string).padEnd(18),
    server,
  ];
  return cells.join(' ');
}

export interface ConnectionTables {
  readonly connections: Iterable<Connection>;
  readonly templates: Iterable<Row>;
}

/** `withEngines`: the columns of persistence engines, which have no entries here. */
export async function* listConnections(
  { connections, templates }: ConnectionTables,
  text: PlaceText,
  withEngines: boolean,
): AsyncIterable<string> {
  yield CONNECTIONS_TITLE;
  yield withEngines ? ENGINE_COLUMNS : COLUMNS;
  for (const connection of connections) yield await rowText(connectionRow(connection), text);
  for (const row of templates) yield await rowText(row, text);
}
