// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
import type { EnumLayout } from 'bpf-maps';

/** enum direction */
export const Direction = {
  FORWARD: 0,
  REPLY: 1,
} as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

/** Labels of the values of {@link Direction}. */
export const directionNames: Readonly<Record<number, string>> = {
  0: 'forward',
  1: 'reply',
};

export const directionLayout: EnumLayout = { kind: 'enum', name: 'direction', size: 4, signed: false, bigEndian: false, values: { DIRECTION_FORWARD: 0, DIRECTION_REPLY: 1 } };

/** enum drop_reason */
export const DropReason = {
  NONE: 0,
  TTL_EXCEEDED: 1,
  TABLE_FULL: 2,
  NO_ROUTE: 3,
  NOT_FORWARDING: 4,
  NO_NEIGHBOUR: 5,
  SERVER_GONE: 6,
  TUPLE_IN_USE: 7,
  TOO_BIG: 8,
  FOREIGN_DEVICE: 9,
  NO_SERVER: 10,
  SOURCE_LIMIT: 11,
  SERVICE_LIMIT: 12,
  ON_PURPOSE: 13,
  NO_HEADROOM: 14,
  SCTP_FRAGMENT: 15,
  NO_PORT: 16,
  NO_ADDRESS: 17,
  NO_CONNECTION: 18,
  REASONS: 19,
} as const;
export type DropReason = (typeof DropReason)[keyof typeof DropReason];

/** Labels of the values of {@link DropReason}. */
export const dropReasonNames: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'ttl_exceeded',
  2: 'table_full',
  3: 'no_route',
  4: 'not_forwarding',
  5: 'no_neighbour',
  6: 'server_gone',
  7: 'tuple_in_use',
  8: 'too_big',
  9: 'foreign_device',
  10: 'no_server',
  11: 'source_limit',
  12: 'service_limit',
  13: 'on_purpose',
  14: 'no_headroom',
  15: 'sctp_fragment',
  16: 'no_port',
  17: 'no_address',
  18: 'no_connection',
  19: 'reasons',
};

export const dropReasonLayout: EnumLayout = { kind: 'enum', name: 'drop_reason', size: 4, signed: false, bigEndian: false, values: { DROP_NONE: 0, DROP_TTL_EXCEEDED: 1, DROP_TABLE_FULL: 2, DROP_NO_ROUTE: 3, DROP_NOT_FORWARDING: 4, DROP_NO_NEIGHBOUR: 5, DROP_SERVER_GONE: 6, DROP_TUPLE_IN_USE: 7, DROP_TOO_BIG: 8, DROP_FOREIGN_DEVICE: 9, DROP_NO_SERVER: 10, DROP_SOURCE_LIMIT: 11, DROP_SERVICE_LIMIT: 12, DROP_ON_PURPOSE: 13, DROP_NO_HEADROOM: 14, DROP_SCTP_FRAGMENT: 15, DROP_NO_PORT: 16, DROP_NO_ADDRESS: 17, DROP_NO_CONNECTION: 18, DROP_REASONS: 19 } };

/** enum event */
export const Event = {
  CONNECTION_CREATED: 0,
  CONNECTION_EXPIRED: 1,
  CONNECTION_RECLAIMED: 2,
  CONNECTION_REUSED: 3,
  PERSISTENCE_CREATED: 4,
  PERSISTENCE_EXPIRED: 5,
  PERSISTENCE_FULL: 6,
  ROUTE_RESOLVED: 7,
  ICMP_SENT: 8,
  ICMP_WITHHELD: 9,
  CLOSED_RECLAIMED: 10,
  CONNECTION_DISCARDED: 11,
  PERSISTENCE_DISCARDED: 12,
  CONNECTION_FLUSHED: 13,
  CONNECTION_RECOVERED: 14,
  KINDS: 15,
} as const;
export type Event = (typeof Event)[keyof typeof Event];

/** Labels of the values of {@link Event}. */
export const eventNames: Readonly<Record<number, string>> = {
  0: 'connection_created',
  1: 'connection_expired',
  2: 'connection_reclaimed',
  3: 'connection_reused',
  4: 'persistence_created',
  5: 'persistence_expired',
  6: 'persistence_full',
  7: 'route_resolved',
  8: 'icmp_sent',
  9: 'icmp_withheld',
  10: 'closed_reclaimed',
  11: 'connection_discarded',
  12: 'persistence_discarded',
  13: 'connection_flushed',
  14: 'connection_recovered',
  15: 'kinds',
};

export const eventLayout: EnumLayout = { kind: 'enum', name: 'event', size: 4, signed: false, bigEndian: false, values: { EVENT_CONNECTION_CREATED: 0, EVENT_CONNECTION_EXPIRED: 1, EVENT_CONNECTION_RECLAIMED: 2, EVENT_CONNECTION_REUSED: 3, EVENT_PERSISTENCE_CREATED: 4, EVENT_PERSISTENCE_EXPIRED: 5, EVENT_PERSISTENCE_FULL: 6, EVENT_ROUTE_RESOLVED: 7, EVENT_ICMP_SENT: 8, EVENT_ICMP_WITHHELD: 9, EVENT_CLOSED_RECLAIMED: 10, EVENT_CONNECTION_DISCARDED: 11, EVENT_PERSISTENCE_DISCARDED: 12, EVENT_CONNECTION_FLUSHED: 13, EVENT_CONNECTION_RECOVERED: 14, EVENT_KINDS: 15 } };

/** enum family */
export const Family = {
  IPV4: 4,
  IPV6: 6,
} as const;
export type Family = (typeof Family)[keyof typeof Family];

/** Labels of the values of {@link Family}. */
export const familyNames: Readonly<Record<number, string>> = {
  4: 'ipv4',
  6: 'ipv6',
};

export const familyLayout: EnumLayout = { kind: 'enum', name: 'family', size: 4, signed: false, bigEndian: false, values: { FAMILY_IPV4: 4, FAMILY_IPV6: 6 } };

/** enum half_flag */
export const HalfFlag = {
  SNAT: 32,
} as const;
export type HalfFlag = (typeof HalfFlag)[keyof typeof HalfFlag];

/** Labels of the values of {@link HalfFlag}. */
export const halfFlagNames: Readonly<Record<number, string>> = {
  32: 'snat',
};

export const halfFlagLayout: EnumLayout = { kind: 'enum', name: 'half_flag', size: 4, signed: false, bigEndian: false, values: { HALF_SNAT: 32 } };

/** enum mark_set */
export const MarkSet = {
  SETS: 2,
} as const;
export type MarkSet = (typeof MarkSet)[keyof typeof MarkSet];

/** Labels of the values of {@link MarkSet}. */
export const markSetNames: Readonly<Record<number, string>> = {
  2: 'sets',
};

export const markSetLayout: EnumLayout = { kind: 'enum', name: 'mark_set', size: 4, signed: false, bigEndian: false, values: { MARK_SETS: 2 } };

/** enum pass_reason */
export const PassReason = {
  NONE: 0,
  NOT_IP: 1,
  VLAN: 2,
  TRUNCATED: 3,
  MALFORMED: 4,
  FRAGMENT: 5,
  PROTOCOL: 6,
  OTHER_HOST: 7,
  NO_SERVICE: 8,
  NOT_NEW: 9,
  FTP_DATA: 10,
  ICMP: 11,
  UNROUTABLE_CLIENT: 12,
  NEIGHBOUR: 13,
  TOO_BIG: 14,
  REFUSED_REPLY: 15,
  BYPASSED: 16,
  REASONS: 17,
} as const;
export type PassReason = (typeof PassReason)[keyof typeof PassReason];

/** Labels of the values of {@link PassReason}. */
export const passReasonNames: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'not_ip',
  2: 'vlan',
  3: 'truncated',
  4: 'malformed',
  5: 'fragment',
  6: 'protocol',
  7: 'other_host',
  8: 'no_service',
  9: 'not_new',
  10: 'ftp_data',
  11: 'icmp',
  12: 'unroutable_client',
  13: 'neighbour',
  14: 'too_big',
  15: 'refused_reply',
  16: 'bypassed',
  17: 'reasons',
};

export const passReasonLayout: EnumLayout = { kind: 'enum', name: 'pass_reason', size: 4, signed: false, bigEndian: false, values: { PASS_NONE: 0, PASS_NOT_IP: 1, PASS_VLAN: 2, PASS_TRUNCATED: 3, PASS_MALFORMED: 4, PASS_FRAGMENT: 5, PASS_PROTOCOL: 6, PASS_OTHER_HOST: 7, PASS_NO_SERVICE: 8, PASS_NOT_NEW: 9, PASS_FTP_DATA: 10, PASS_ICMP: 11, PASS_UNROUTABLE_CLIENT: 12, PASS_NEIGHBOUR: 13, PASS_TOO_BIG: 14, PASS_REFUSED_REPLY: 15, PASS_BYPASSED: 16, PASS_REASONS: 17 } };

/** enum ring */
export const Ring = {
  CONNECTIONS: 0,
  PERSISTENCE: 1,
  CONNECTIONS6: 2,
  KINDS: 3,
} as const;
export type Ring = (typeof Ring)[keyof typeof Ring];

/** Labels of the values of {@link Ring}. */
export const ringNames: Readonly<Record<number, string>> = {
  0: 'connections',
  1: 'persistence',
  2: 'connections6',
  3: 'kinds',
};

export const ringLayout: EnumLayout = { kind: 'enum', name: 'ring', size: 4, signed: false, bigEndian: false, values: { RING_CONNECTIONS: 0, RING_PERSISTENCE: 1, RING_CONNECTIONS6: 2, RING_KINDS: 3 } };

/** enum role */
export const Role = {
  PUBLIC: 0,
  PRIVATE: 1,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** Labels of the values of {@link Role}. */
export const roleNames: Readonly<Record<number, string>> = {
  0: 'public',
  1: 'private',
};

export const roleLayout: EnumLayout = { kind: 'enum', name: 'role', size: 4, signed: false, bigEndian: false, values: { ROLE_PUBLIC: 0, ROLE_PRIVATE: 1 } };

/** enum scheduler */
export const Scheduler = {
  RR: 0,
  WRR: 1,
  LC: 2,
  WLC: 3,
  LBLC: 4,
  LBLCR: 5,
  DH: 6,
  SH: 7,
  MH: 8,
  SED: 9,
  NQ: 10,
  FO: 11,
  OVF: 12,
  TWOS: 13,
  NONE: 14,
} as const;
export type Scheduler = (typeof Scheduler)[keyof typeof Scheduler];

/** Labels of the values of {@link Scheduler}. */
export const schedulerNames: Readonly<Record<number, string>> = {
  0: 'rr',
  1: 'wrr',
  2: 'lc',
  3: 'wlc',
  4: 'lblc',
  5: 'lblcr',
  6: 'dh',
  7: 'sh',
  8: 'mh',
  9: 'sed',
  10: 'nq',
  11: 'fo',
  12: 'ovf',
  13: 'twos',
  14: 'none',
};

export const schedulerLayout: EnumLayout = { kind: 'enum', name: 'scheduler', size: 4, signed: false, bigEndian: false, values: { SCHED_RR: 0, SCHED_WRR: 1, SCHED_LC: 2, SCHED_WLC: 3, SCHED_LBLC: 4, SCHED_LBLCR: 5, SCHED_DH: 6, SCHED_SH: 7, SCHED_MH: 8, SCHED_SED: 9, SCHED_NQ: 10, SCHED_FO: 11, SCHED_OVF: 12, SCHED_TWOS: 13, SCHED_NONE: 14 } };

/** enum server_status */
export const ServerStatus = {
  FREE: 0,
  LIVE: 1,
  REMOVED: 2,
} as const;
export type ServerStatus = (typeof ServerStatus)[keyof typeof ServerStatus];

/** Labels of the values of {@link ServerStatus}. */
export const serverStatusNames: Readonly<Record<number, string>> = {
  0: 'free',
  1: 'live',
  2: 'removed',
};

export const serverStatusLayout: EnumLayout = { kind: 'enum', name: 'server_status', size: 4, signed: false, bigEndian: false, values: { SERVER_FREE: 0, SERVER_LIVE: 1, SERVER_REMOVED: 2 } };

/** enum service_flag */
export const ServiceFlag = {
  MARK: 1,
  ANY_PORT: 2,
  SH_PORT: 4,
  SH_FALLBACK: 8,
  MH_PORT: 16,
  MH_FALLBACK: 32,
  THRESHOLDS: 64,
  ONE_PACKET: 128,
  SNAT: 256,
  FLAG_1: 512,
  FLAG_2: 1024,
  FLAG_3: 2048,
} as const;
export type ServiceFlag = (typeof ServiceFlag)[keyof typeof ServiceFlag];

/** Labels of the values of {@link ServiceFlag}. */
export const serviceFlagNames: Readonly<Record<number, string>> = {
  1: 'mark',
  2: 'any_port',
  4: 'sh_port',
  8: 'sh_fallback',
  16: 'mh_port',
  32: 'mh_fallback',
  64: 'thresholds',
  128: 'one_packet',
  256: 'snat',
  512: 'flag_1',
  1024: 'flag_2',
  2048: 'flag_3',
};

export const serviceFlagLayout: EnumLayout = { kind: 'enum', name: 'service_flag', size: 4, signed: false, bigEndian: false, values: { SERVICE_MARK: 1, SERVICE_ANY_PORT: 2, SERVICE_SH_PORT: 4, SERVICE_SH_FALLBACK: 8, SERVICE_MH_PORT: 16, SERVICE_MH_FALLBACK: 32, SERVICE_THRESHOLDS: 64, SERVICE_ONE_PACKET: 128, SERVICE_SNAT: 256, SERVICE_FLAG_1: 512, SERVICE_FLAG_2: 1024, SERVICE_FLAG_3: 2048 } };

/** enum state */
export const State = {
  NONE: 0,
  ESTABLISHED: 1,
  SYN_SENT: 2,
  SYN_RECV: 3,
  FIN_WAIT: 4,
  TIME_WAIT: 5,
  CLOSE: 6,
  CLOSE_WAIT: 7,
  LAST_ACK: 8,
  LISTEN: 9,
  SYNACK: 10,
  UDP: 11,
  REPLY: 12,
  DEAD: 13,
  SCTP_NONE: 16,
  SCTP_INIT1: 17,
  SCTP_INIT: 18,
  SCTP_COOKIE_SENT: 19,
  SCTP_COOKIE_REPLIED: 20,
  SCTP_COOKIE_WAIT: 21,
  SCTP_COOKIE: 22,
  SCTP_COOKIE_ECHOED: 23,
  SCTP_ESTABLISHED: 24,
  SCTP_SHUTDOWN_SENT: 25,
  SCTP_SHUTDOWN_RECEIVED: 26,
  SCTP_SHUTDOWN_ACK_SENT: 27,
  SCTP_REJECTED: 28,
  SCTP_CLOSED: 29,
} as const;
export type State = (typeof State)[keyof typeof State];

/** Labels of the values of {@link State}. */
export const stateNames: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'established',
  2: 'syn_sent',
  3: 'syn_recv',
  4: 'fin_wait',
  5: 'time_wait',
  6: 'close',
  7: 'close_wait',
  8: 'last_ack',
  9: 'listen',
  10: 'synack',
  11: 'udp',
  12: 'reply',
  13: 'dead',
  16: 'sctp_none',
  17: 'sctp_init1',
  18: 'sctp_init',
  19: 'sctp_cookie_sent',
  20: 'sctp_cookie_replied',
  21: 'sctp_cookie_wait',
  22: 'sctp_cookie',
  23: 'sctp_cookie_echoed',
  24: 'sctp_established',
  25: 'sctp_shutdown_sent',
  26: 'sctp_shutdown_received',
  27: 'sctp_shutdown_ack_sent',
  28: 'sctp_rejected',
  29: 'sctp_closed',
};

export const stateLayout: EnumLayout = { kind: 'enum', name: 'state', size: 4, signed: false, bigEndian: false, values: { STATE_NONE: 0, STATE_ESTABLISHED: 1, STATE_SYN_SENT: 2, STATE_SYN_RECV: 3, STATE_FIN_WAIT: 4, STATE_TIME_WAIT: 5, STATE_CLOSE: 6, STATE_CLOSE_WAIT: 7, STATE_LAST_ACK: 8, STATE_LISTEN: 9, STATE_SYNACK: 10, STATE_UDP: 11, STATE_REPLY: 12, STATE_DEAD: 13, STATE_SCTP_NONE: 16, STATE_SCTP_INIT1: 17, STATE_SCTP_INIT: 18, STATE_SCTP_COOKIE_SENT: 19, STATE_SCTP_COOKIE_REPLIED: 20, STATE_SCTP_COOKIE_WAIT: 21, STATE_SCTP_COOKIE: 22, STATE_SCTP_COOKIE_ECHOED: 23, STATE_SCTP_ESTABLISHED: 24, STATE_SCTP_SHUTDOWN_SENT: 25, STATE_SCTP_SHUTDOWN_RECEIVED: 26, STATE_SCTP_SHUTDOWN_ACK_SENT: 27, STATE_SCTP_REJECTED: 28, STATE_SCTP_CLOSED: 29 } };
