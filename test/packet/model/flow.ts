// SPDX-License-Identifier: MIT
// The model's nouns: a connection with its two directions, routes and devices.
import type { IpFamily } from '../family.ts';
import type { Address } from './address.ts';
import type { Packet } from './parse.ts';
import type { Macs, Rewrite } from './rewrite.ts';
import type { Server, Service } from './scheduling.ts';
import type { State } from './tcp.ts';

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
