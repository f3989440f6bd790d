// SPDX-License-Identifier: MIT
// A data plane without a kernel: it keeps what it is told, forwards nothing, and lets a test say what "runs". It holds
// the same promises as the kernel's: a change is checked whole before anything of it is kept.
import {
  DEFAULT_SWITCHES,
  type Limits,
  type MarkRule,
  NO_LIMITS,
  type Service,
  type ServiceKey,
  type Switches,
  type Tables,
  type Timeouts,
} from '../model/model.ts';
import { IPV6_CONNECTIONS } from '../model/uses-ipv6.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import type {
  AttachedInterface,
  Connection,
  CounterSample,
  Counters,
  DataPlane,
  DocumentName,
  Filter,
  OtherTable,
  PersistenceEntry,
  ReasonCounts,
  RouterChange,
  RouterState,
  ServerStatistics,
  Statistics,
} from './data-plane.ts';
import { otherTables } from './running-tables.ts';

/** What a test says is there; everything may be changed while the data plane "runs". */
export interface MemoryContents {
  services: Service[];
  marks: MarkRule[];
  timeouts: Timeouts;
  switches: Switches;
  limits: Limits;
  tables: Tables;
  connections: Connection[];
  persistence: PersistenceEntry[];
  /** by `service address:port` */
  counters: Record<string, Counters>;
  drops: ReasonCounts;
  passes: ReasonCounts;
  events: ReasonCounts;
  interfaces: AttachedInterface[];
}

const NOTHING: Counters = {
  connections: 0n,
  incomingPackets: 0n,
  incomingBytes: 0n,
  outgoingPackets: 0n,
  outgoingBytes: 0n,
};

function emptyContents(): MemoryContents {
  return {
    services: [],
    marks: [],
    timeouts: { tcp: 900, tcpfin: 120, udp: 300 },
    switches: DEFAULT_SWITCHES,
    limits: NO_LIMITS,
    tables: { connections: 1_000_000, persistence: 100_000, fragments: 10_000 },
    connections: [],
    persistence: [],
    counters: {},
    drops: {},
    passes: {},
    events: {},
    interfaces: [],
  };
}

export class MemoryDataPlane implements DataPlane {
  readonly contents: MemoryContents;
  /** how often cached next hops were given up */
  generation = 0;
  isClosed = false;
  readonly #documents = new Map<DocumentName, string>();
  #daemonPid = 0;

  constructor(contents: Partial<MemoryContents> = {}) {
    this.contents = { ...emptyContents(), ...contents };
  }

  state(): RouterState {
    const { services, marks, timeouts, switches, limits } = this.contents;
    return { services: [...services], marks: [...marks], timeouts, switches, limits };
  }

  change(change: RouterChange): void {
    const services = changedServices(this.contents.services, change);
    refuseTwins(services);
    this.contents.services = services;
    if (change.marks) this.contents.marks = [...change.marks];
    if (change.timeouts) this.contents.timeouts = change.timeouts;
    if (change.switches) this.contents.switches = change.switches;
    if (change.limits) this.contents.limits = change.limits;
  }

  statistics(): Statistics {
    const services = this.contents.services.map((service) => {
      const servers = service.servers.map((server) => this.#serverStatistics(service, server));
      const { servers: _, ...head } = service;
      const counters = sum(servers.map((server) => server.counters));
      return { ...head, counters, servers };
    });
    return { services, totals: sum(Object.values(this.contents.counters)) };
  }

  counters(): CounterSample[] {
    return this.statistics().services.map(({ key, counters, servers }) => ({ key, counters, servers }));
  }

  *connections(filter: Filter = {}): Iterable<Connection> {
    for (const connection of this.contents.connections) if (matches(connection, filter)) yield connection;
  }

  *persistence(filter: Filter = {}): Iterable<PersistenceEntry> {
    for (const entry of this.contents.persistence) if (matches(entry, filter)) yield entry;
  }

  reasons() {
    const { drops, passes, events } = this.contents;
    return { drops, passes, events };
  }

  fill() {
    const { connections, persistence, tables } = this.contents;
    const ipv6 = connections.filter(({ client }) => client.address.includes(':')).length;
    return {
      connections: { entries: connections.length - ipv6, capacity: tables.connections },
      ipv6_connections: { entries: ipv6, capacity: tables.ipv6Connections ?? IPV6_CONNECTIONS },
      persistence: { entries: persistence.length, capacity: tables.persistence },
    };
  }

  otherTables(wanted: Tables): OtherTable[] {
    return otherTables(this.contents.tables, wanted);
  }

  interfaces(): readonly AttachedInterface[] {
    return [...this.contents.interfaces];
  }

  bumpGeneration(): void {
    this.generation++;
  }

  heartbeat(pid: number, _freePages?: number): void {
    this.#daemonPid = pid;
  }

  daemonPid(): number {
    return this.#daemonPid;
  }

  readDocument(name: DocumentName): string | undefined {
    return this.#documents.get(name);
  }

  writeDocument(name: DocumentName, text: string): void {
    this.#documents.set(name, text);
  }

  close(): void {
    this.isClosed = true;
  }

  #serverStatistics({ name }: Service, server: Service['servers'][number]): ServerStatistics {
    const isHere = (one: Connection | PersistenceEntry) =>
      one.service === name &&
      one.server.address === server.address &&
      (server.port === 0 || one.server.port === server.port);
    const connections = this.contents.connections.filter(isHere);
    const active = connections.filter((connection) => connection.state === 'ESTABLISHED').length;
    return {
      ...server,
      isOverloaded: server.upperThreshold !== undefined && connections.length >= server.upperThreshold,
      active,
      inactive: connections.length - active,
      persistence: this.contents.persistence.filter(isHere).length,
      counters: this.contents.counters[`${name} ${server.address}:${server.port}`] ?? NOTHING,
    };
  }
}

function changedServices(services: readonly Service[], change: RouterChange): Service[] {
  const removed = new Set((change.removeServices ?? []).map(keyText));
  const known = new Set(services.map((service) => keyText(service.key)));
  for (const key of removed)
    if (!known.has(key)) throw new XlvsError('missing', `no service ${key}`, 'see: xlvs services');
  const kept = services.filter((service) => !removed.has(keyText(service.key)));
  const result = new Map(kept.map((service) => [keyText(service.key), service]));
  for (const service of change.putServices ?? []) result.set(keyText(service.key), service);
  return [...result.values()];
}

function refuseTwins(services: readonly Service[]): void {
  refuseRepeats(services.map((service) => `service name ${service.name}`));
  for (const { name, servers } of services)
    refuseRepeats(servers.map((server) => `server ${server.address}:${server.port} of ${name}`));
}

function refuseRepeats(things: readonly string[]): void {
  const seen = new Set<string>();
  const twin = things.find((thing) => seen.size === seen.add(thing).size);
  if (twin) throw new XlvsError('conflict', `${twin} is there twice`, 'remove one');
}

function keyText(key: ServiceKey): string {
  return key.kind === 'mark' ? `mark ${key.mark} ${key.family}` : `${key.protocol} ${key.address}:${key.port}`;
}

function matches(one: Connection | PersistenceEntry, { service, server }: Filter): boolean {
  return (service === undefined || one.service === service) && (server === undefined || one.server.address === server);
}

function sum(all: readonly Counters[]): Counters {
  return all.reduce(
    (total, one) => ({
      connections: total.connections + one.connections,
      incomingPackets: total.incomingPackets + one.incomingPackets,
      incomingBytes: total.incomingBytes + one.incomingBytes,
      outgoingPackets: total.outgoingPackets + one.outgoingPackets,
      outgoingBytes: total.outgoingBytes + one.outgoingBytes,
    }),
    NOTHING,
  );
}
