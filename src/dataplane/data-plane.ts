// SPDX-License-Identifier: MIT
// What the rest of xlvs may ask of a running data plane, in LVS words. The kernel and the in-memory
// implementation both stand behind it; nobody above this file knows a map.
import type {
  Limits,
  MarkRule,
  Persistence,
  Protocol,
  Scheduler,
  Service,
  ServiceFlag,
  ServiceKey,
  Switches,
  Tables,
  Timeouts,
} from '../model/model.ts';

/** What the data plane decides by; read from the maps, drains and edits included. */
export interface RouterState {
  readonly services: readonly Service[];
  readonly marks: readonly MarkRule[];
  readonly timeouts: Timeouts;
  readonly switches: Switches;
  readonly limits: Limits;
}

/** One transaction. What a field leaves out stays as it is. A service is put whole, with its servers. */
export interface RouterChange {
  readonly putServices?: readonly Service[];
  readonly removeServices?: readonly ServiceKey[];
  readonly marks?: readonly MarkRule[];
  readonly timeouts?: Timeouts;
  readonly switches?: Switches;
  readonly limits?: Limits;
}

/** Counted since the data plane was loaded; bytes are IP lengths. Incoming is client to server. */
export interface Counters {
  readonly connections: bigint;
  readonly incomingPackets: bigint;
  readonly incomingBytes: bigint;
  readonly outgoingPackets: bigint;
  readonly outgoingBytes: bigint;
}

export interface ServerStatistics {
  readonly address: string;
  /** 0: keeps the port the client used */
  readonly port: number;
  readonly weight: number;
  readonly upperThreshold?: number;
  readonly lowerThreshold?: number;
  /** it reached its upper threshold, and has not fallen below the lower one since */
  readonly isOverloaded: boolean;
  /** connections now */
  readonly active: number;
  readonly inactive: number;
  /** persistence entries now */
  readonly persistence: number;
  readonly counters: Counters;
}

export interface ServiceStatistics {
  readonly name: string;
  readonly key: ServiceKey;
  readonly scheduler: Scheduler;
  readonly persistence?: Persistence;
  readonly flags?: readonly ServiceFlag[];
  readonly onePacket?: true;
  readonly snat?: true;
  /** sums over its servers, removed ones included */
  readonly counters: Counters;
  /** in the order of `Service.servers` */
  readonly servers: readonly ServerStatistics[];
}

/** What a service and its servers have counted, and nothing else: cheap enough to be asked for every two seconds. */
export interface CounterSample {
  readonly key: ServiceKey;
  /** sums over its servers, removed ones included */
  readonly counters: Counters;
  readonly servers: readonly { readonly address: string; readonly port: number; readonly counters: Counters }[];
}

export interface Connection {
  readonly protocol: Protocol;
  readonly state: string;
  /** seconds until it expires if nothing more is seen */
  readonly expires: number;
  readonly client: { readonly address: string; readonly port: number };
  readonly virtual: { readonly address: string; readonly port: number };
  readonly server: { readonly address: string; readonly port: number };
  /** undefined when its service has been removed */
  readonly service: string | undefined;
  readonly persistent: boolean;
}

export interface PersistenceEntry {
  /** `address/length` of the client network */
  readonly client: string;
  /** undefined when it has been removed */
  readonly service: string | undefined;
  /** of the service it was made for, removed or not; undefined: not known any more */
  readonly key?: ServiceKey | undefined;
  readonly server: { readonly address: string; readonly port: number };
  /** seconds; its own life, and what is left of it */
  readonly timeout: number;
  readonly expires: number;
  /** active connections that hold it */
  readonly active: number;
  /** whether a connection under it has been established, or a datagram answered */
  readonly assured: boolean;
}

/** Packets by reason name, e.g. `no_server`. */
export type ReasonCounts = Readonly<Record<string, bigint>>;

export interface TableFill {
  readonly entries: number;
  readonly capacity: number;
}

export interface AttachedInterface {
  readonly device: string;
  readonly ifindex: number;
  readonly role: 'public' | 'private';
  /** undefined: its device is gone or its link was lost */
  readonly mode: 'native' | 'generic' | 'offload' | undefined;
  /** of a VLAN device: the device below, which XDP is attached to, and the VLANs from the outside in */
  readonly port?: string;
  readonly vlans?: readonly number[];
}

/** One that the config names, attached or not. */
export type WantedInterface = Pick<AttachedInterface, 'device' | 'role' | 'port'>;

export interface Filter {
  /** service name */
  readonly service?: string;
  /** server address */
  readonly server?: string;
}

export interface Statistics {
  /** by name */
  readonly services: readonly ServiceStatistics[];
  /** over all services, removed ones included */
  readonly totals: Counters;
}

/** A table of another size than a config wants; `name` as in the config. */
export interface OtherTable {
  readonly name: string;
  readonly running: number;
  readonly wanted: number;
}

export interface DataPlane {
  state(): RouterState;
  /** Everything is checked before anything is written; throws XlvsError and changes nothing if it does not fit. */
  change(change: RouterChange): void;
  statistics(): Statistics;
  counters(): readonly CounterSample[];
  connections(filter?: Filter): Iterable<Connection>;
  persistence(filter?: Filter): Iterable<PersistenceEntry>;
  /** passes: left to the kernel; drops: broken; events: neither */
  reasons(): { readonly drops: ReasonCounts; readonly passes: ReasonCounts; readonly events: ReasonCounts };
  fill(): { readonly connections: TableFill; readonly ipv6_connections: TableFill; readonly persistence: TableFill };
  /** Those that run with another size than this config wants. */
  otherTables(wanted: Tables): readonly OtherTable[];
  /** of the config applied last, attached or not, and whatever else is attached; by name */
  interfaces(): readonly AttachedInterface[];
  /** Cached next hops are asked for again: routes, neighbours or devices changed. */
  bumpGeneration(): void;
  /**
   * The daemon's sign of life, and how much memory the machine has left, in pages; without one for 30 s the data plane ages
   * its routes itself, and takes memory for plenty.
   */
  heartbeat(pid: number, freePages?: number): void;
  /** pid of the last heartbeat, 0 if there was none. */
  daemonPid(): number;
  /** Small JSON texts that live as long as the pins. */
  readDocument(name: DocumentName): string | undefined;
  writeDocument(name: DocumentName, text: string): void;
  close(): void;
}

/**
 * `applied`: the config applied last, by whatever command; `file`: the one the daemon applied last, which its reloads and
 * restarts compare with (both JSON of Config); `interfaces`: those of the config applied last, as `WantedInterface`s;
 * `machine`: what xlvs added to the machine; `zeroes`: the counters as they were at `ipvsadm -Z`; `rates`: what
 * is counted in a second, kept by the daemon.
 */
export type DocumentName =
  | 'applied'
  | 'file'
  | 'interfaces'
  | 'machine'
  | 'registry'
  | 'marks'
  | 'object'
  | 'zeroes'
  | 'rates'
  | 'zeroed-rates';
