// SPDX-License-Identifier: MIT
// The model's nouns: a connection with its two directions, routes and devices.
import type { IpFamily } from '../family.ts';
import type { Address } from './address.ts';
import { type Packet, SCTP, UDP } from './parse.ts';
import type { Macs, Rewrite } from './rewrite.ts';
import type { Server, Service } from './scheduling.ts';
import { nextState, type State } from './tcp.ts';

export interface Route {
  readonly result: number;
  readonly device: number;
  readonly mtu: number;
  readonly macs: Macs;
}

export interface Device {
  readonly mac: Uint8Array;
  readonly mtu: number;
  readonly isPrivate: boolean;
  /** Where its frames are on the wire, and the tags they have there; a device that is no VLAN's: itself, and none. */
  readonly port: number;
  readonly tags: Uint8Array;
  /** The router's own there, by family. */
  readonly address: Readonly<Record<IpFamily, Address>>;
}

/** One direction of a connection: how its packets change and which way they go. */
export interface Half {
  readonly from: 'client' | 'server';
  readonly connection: Connection;
  readonly rewrite: Rewrite;
  /** Where its packets go; undefined: not known. */
  macs: Macs | undefined;
  device: number;
  mtu: number;
  /** The route generation it was resolved in; -1: it was not. */
  generation: number;
  lastSeen: number;
}

export interface Connection {
  readonly client: Packet;
  readonly service: Service;
  readonly server: Server;
  readonly port: number;
  readonly keys: readonly [string, string];
  persistence: string | undefined;
  state: State;
  halves: readonly [Half, Half];
}

/** What a packet of it is found by. */
export const keyOf = (source: Address, port: number, destination: Address, toPort: number, protocol: number): string =>
  `${source}:${port}>${destination}:${toPort}/${protocol}`;

/** A connection that a packet of this client begins, before its next hops are known and it has its places. */
export function prepareConnection(
  p: Packet,
  service: Service,
  server: Server,
  port: number,
  persistence: string | undefined,
  now: number,
): Connection {
  const keys = [
    keyOf(p.source, p.sourcePort, p.destination, p.destinationPort, p.protocol),
    keyOf(server.address, port, p.source, p.sourcePort, p.protocol),
  ] as const;
  const state = p.protocol === UDP ? 'UDP' : nextState(p.protocol === SCTP ? 'sNO' : 'NO', 'client', p);
  const connection = { client: p, service, server, port, keys, persistence, state } as Connection;
  const unknown = { connection, macs: undefined, device: 0, mtu: 0, generation: -1, lastSeen: now };
  const there = { side: 'destination', address: server.address, port } as const;
  const back = { side: 'source', address: p.destination, port: p.destinationPort } as const;
  connection.halves = [
    { from: 'client', rewrite: there, ...unknown },
    { from: 'server', rewrite: back, ...unknown },
  ];
  return connection;
}
