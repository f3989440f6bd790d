// SPDX-License-Identifier: MIT
// The LVS nouns as plain readonly values: what a router is asked to do. Knows no file format and no kernel.

/** Layer 4 protocols a service may have. */
export type Protocol = 'tcp' | 'udp' | 'sctp';

/** Address families; a service has exactly one. */
export type Family = 'ipv4' | 'ipv6';

/** IPVS's scheduler names; with `none` nobody is chosen. */
export const SCHEDULERS = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'twos',
  'none',
] as const;
export type Scheduler = (typeof SCHEDULERS)[number];

/** A real server of one service. `port` 0 keeps the port the client used. Weight 0 takes no new connections. */
export interface Server {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  /** connections at which it takes no more; absent: no limit */
  readonly upperThreshold?: number;
  /** at most the upper one: below so many connections it takes some again; absent: below three quarters of the upper */
  readonly lowerThreshold?: number;
}

/** What a packet must match to belong to a service: (protocol, address, port), or a firewall mark of one family. */
export type ServiceKey =
  | { readonly kind: 'address'; readonly protocol: Protocol; readonly address: string; readonly port: number }
  | { readonly kind: 'mark'; readonly mark: number; readonly family: Family };

/** Persistence: a client network keeps its server for `timeout` seconds after its last new connection. */
export interface Persistence {
  /** seconds, 1..2678400 */
  readonly timeout: number;
  /** prefix length of the client network: 1..32 (IPv4), 1..128 (IPv6) */
  readonly prefix: number;
}

/** ipvsadm's `-b`: flags of the hashing schedulers; the numbered ones where those have no name for them, heeded by nobody. */
export const SERVICE_FLAGS = [
  'sh-port',
  'sh-fallback',
  'mh-port',
  'mh-fallback',
  'flag-1',
  'flag-2',
  'flag-3',
] as const;
export type ServiceFlag = (typeof SERVICE_FLAGS)[number];

/** What schedulers with flags of their own call the numbered ones. */
export const FLAG_NAMES: Partial<Record<Scheduler, Partial<Record<string, ServiceFlag>>>> = {
  sh: { 'flag-1': 'sh-fallback', 'flag-2': 'sh-port' },
  mh: { 'flag-1': 'mh-fallback', 'flag-2': 'mh-port' },
};

/** A virtual service. `servers` stand in the order in which `ipvsadm -a` would add them. */
export interface Service {
  readonly name: string;
  readonly key: ServiceKey;
  readonly scheduler: Scheduler;
  readonly persistence?: Persistence;
  /** in the order of SERVICE_FLAGS; absent: none */
  readonly flags?: readonly ServiceFlag[];
  /** each datagram is scheduled by itself and no connection is kept; UDP and marks. Absent: false */
  readonly onePacket?: true;
  /** its servers see the router as their client, so that they answer it whatever way they have to the client. Absent: false */
  readonly snat?: true;
  readonly servers: readonly Server[];
}

/** An inclusive range of ports, host order. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** One marking rule; the first rule of the list that matches sets the mark. */
export interface MarkRule {
  /** 1..4294967295 */
  readonly mark: number;
  readonly protocol: Protocol;
  /** destination, `address/length`, canonical */
  readonly address: string;
  /** ascending, disjoint; `any` is 0-65535 */
  readonly ports: readonly PortRange[];
  /** source, `address/length`, canonical */
  readonly source?: string;
}

/** How XDP attaches to a device. */
export type AttachMode = 'auto' | 'native' | 'generic' | 'offload';

/** A network device xlvs works on. */
export interface Interface {
  readonly device: string;
  readonly role: 'public' | 'private';
  readonly mode: AttachMode;
  /** floating addresses, `address/length` */
  readonly addresses: readonly string[];
}

/** Connection timeouts in seconds, as `ipvsadm --set tcp tcpfin udp`. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpfin: number;
  readonly udp: number;
}

/** Table sizes in entries; fixed when the data plane is loaded. */
export interface Tables {
  readonly connections: number;
  /** absent: as many as `connections` if IPv6 is configured when the data plane is loaded, else a few */
  readonly ipv6Connections?: number;
  /** IPv4 connections that have room for a copy in front of the table, all CPUs together; 0: none. Absent: as many as `connections` */
  readonly copies?: number;
  readonly persistence: number;
  readonly fragments: number;
}

/** IPVS's switches, by their sysctl names. */
export interface Switches {
  /** with drop_packet 3, one new connection of so many is dropped */
  readonly am_droprate: number;
  /** pages of 4 KiB: with less free memory the automatic defences act */
  readonly amemthresh: number;
  readonly cache_bypass: number;
  readonly conn_reuse_mode: number;
  /** this one, drop_packet and secure_tcp: 0: off, 1 and 2: while memory is short, 3: always */
  readonly drop_entry: number;
  readonly drop_packet: number;
  readonly expire_nodest_conn: number;
  readonly expire_quiescent_template: number;
  /** seconds */
  readonly lblc_expiration: number;
  /** seconds */
  readonly lblcr_expiration: number;
  readonly nat_icmp_send: number;
  readonly schedule_icmp: number;
  readonly secure_tcp: number;
  readonly sloppy_sctp: number;
  readonly sloppy_tcp: number;
}

/** IPVS's own. */
export const DEFAULT_SWITCHES: Switches = {
  am_droprate: 10,
  amemthresh: 1024,
  cache_bypass: 0,
  conn_reuse_mode: 1,
  drop_entry: 0,
  drop_packet: 0,
  expire_nodest_conn: 0,
  expire_quiescent_template: 0,
  lblc_expiration: 86_400,
  lblcr_expiration: 86_400,
  nat_icmp_send: 0,
  schedule_icmp: 0,
  secure_tcp: 0,
  sloppy_sctp: 0,
  sloppy_tcp: 0,
};

/** Caps on new connections a second; 0: none. */
export interface Limits {
  readonly perSource: number;
  readonly perService: number;
}

export const NO_LIMITS: Limits = { perSource: 0, perService: 0 };

/** Where metrics are served. */
export interface MetricsEndpoint {
  readonly host: string;
  readonly port: number;
}

/** A whole config file, validated. */
export interface Config {
  readonly interfaces: readonly Interface[];
  readonly marks: readonly MarkRule[];
  readonly services: readonly Service[];
  readonly timeouts: Timeouts;
  readonly tables: Tables;
  readonly switches: Switches;
  readonly limits: Limits;
  /** what servers send on their own leaves by a public interface from the router's address. Absent: false */
  readonly masquerade?: true;
  readonly metrics: MetricsEndpoint;
}
