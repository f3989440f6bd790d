// SPDX-License-Identifier: MIT
// Where servers listen, as it follows from the services: for what they send without a connection. A listener leads back to a
// service where no other connection can have led there.
import * as abi from '../abi/index.ts';
import { protocolNumber } from './abi-values.ts';
import type { RouterMaps } from './pins.ts';

/** A service as its listeners depend on it. */
export interface ListeningService {
  readonly key: abi.ServiceKey;
  readonly flags: number;
  readonly servers: readonly { readonly slot: number; readonly record: Pick<abi.Server, 'address' | 'port'> }[];
}

export type ListenerEntry = readonly [abi.ListenerKey, abi.Listener];

const NOWHERE: abi.Listener = { address: { word: [0, 0, 0, 0] }, port: 0, reserved: 0, server: 0 };
const EVERY_PROTOCOL = (['tcp', 'udp', 'sctp'] as const).map(protocolNumber);
/** Of these a server's packet does not tell which connection it is of. */
const VAGUE = abi.ServiceFlag.MARK | abi.ServiceFlag.ANY_PORT | abi.ServiceFlag.SNAT;

const textOf = ({ address, port, protocol, family }: abi.ListenerKey): string =>
  `${address.word.join(' ')} ${port} ${protocol} ${family}`;

const isSame = (a: abi.Listener, b: abi.Listener): boolean =>
  a.server === b.server && a.port === b.port && a.address.word.every((word, i) => word === b.address.word[i]);

/** Each place of each server. One that keeps the client's port listens where its service does, be it everywhere (port 0). */
function* placesOf({ key, flags, servers }: ListeningService): Generator<ListenerEntry> {
  const isVague = (flags & VAGUE) !== 0;
  for (const protocol of key.protocol === 0 ? EVERY_PROTOCOL : [key.protocol])
    for (const { slot, record } of servers) {
      const place = { address: record.address, port: record.port || key.port, protocol, family: key.family };
      yield [place, isVague ? NOWHERE : { address: key.address, port: key.port, reserved: 0, server: slot }];
    }
}

/** The listeners of all services there are. */
export function listenersOf(services: Iterable<ListeningService>): Map<string, ListenerEntry> {
  const found = new Map<string, ListenerEntry>();
  for (const service of services)
    for (const entry of placesOf(service)) {
      const text = textOf(entry[0]);
      found.set(text, found.has(text) ? [entry[0], NOWHERE] : entry);
    }
  const everywhere = [...found].filter(([, [{ port }]]) => port === 0);
  for (const [text] of everywhere) found.delete(text);
  if (everywhere.length === 0) return found;
  const vague = new Set(everywhere.map(([text]) => text));
  for (const [text, [key]] of found) if (vague.has(textOf({ ...key, port: 0 }))) found.set(text, [key, NOWHERE]);
  return found;
}

/**
 * What makes the map hold these: `retract`, before the services change, takes back what will be no longer so, and `establish`,
 * after it, puts what is new. In between no listener leads to a service that may not be the one.
 */
export function planListeners({ listeners: map }: Pick<RouterMaps, 'listeners'>, wanted: Map<string, ListenerEntry>) {
  const present = new Map([...map.entries()].map((entry) => [textOf(entry[0]), entry] as const));
  const gone = [...present].filter(([text]) => !wanted.has(text));
  const changed = [...wanted].filter(([text, [, listener]]) => {
    const old = present.get(text)?.[1];
    return old === undefined || !isSame(old, listener);
  });
  return {
    retract(): void {
      for (const [, [key]] of gone) map.delete(key);
      map.setMany(changed.flatMap(([text, [key]]) => (present.has(text) ? [[key, NOWHERE] as const] : [])));
    },
    establish(): void {
      map.setMany(changed.map(([, entry]) => entry));
    },
  };
}
