// SPDX-License-Identifier: MIT
// The part of what --json shows that tests read: the documented names, not the program's own types.

export interface ShownCounters {
  readonly connections: number;
  readonly incoming_packets: number;
  readonly incoming_bytes: number;
  readonly outgoing_packets: number;
  readonly outgoing_bytes: number;
}

export interface ShownServer {
  readonly service: string;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly upper_threshold: number;
  readonly lower_threshold: number;
  readonly overloaded: boolean;
  readonly active: number;
  readonly inactive: number;
  readonly persistence_entries: number;
  readonly counters: ShownCounters;
}

export interface ShownService {
  readonly name: string;
  readonly scheduler: string;
  readonly active: number;
  readonly inactive: number;
  readonly persistence_entries: number;
  readonly counters: ShownCounters;
  readonly servers: readonly ShownServer[];
}

export interface ShownEndpoint {
  readonly address: string;
  readonly port: number;
}

export interface ShownConnection {
  readonly protocol: string;
  readonly state: string;
  /** seconds */
  readonly expires: number;
  readonly client: ShownEndpoint;
  readonly virtual: ShownEndpoint;
  readonly server: ShownEndpoint;
  readonly service: string | null;
  readonly persistent: boolean;
}

export interface ShownPersistence {
  readonly client: string;
  readonly service: string | null;
  readonly server: ShownEndpoint;
  /** seconds */
  readonly timeout: number;
  readonly expires: number;
  readonly active: number;
}

export interface ShownStatus {
  readonly daemon: number | null;
  readonly interfaces: readonly { readonly device: string; readonly role: string; readonly mode: string | null }[];
  readonly services: readonly ShownService[];
  readonly counters: ShownCounters;
  readonly tables: Readonly<Record<string, { readonly entries: number; readonly capacity: number }>>;
  readonly drops: Readonly<Record<string, number>>;
  readonly passes: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
}

/** The counts that are not zero. */
export function happened(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
