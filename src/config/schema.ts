// SPDX-License-Identifier: MIT
// The config file's shape: keys, kinds of values, defaults. What values mean together is in the check-*.ts files.
import { z } from 'zod';
import { SCHEDULERS, SERVICE_FLAGS } from '../model/model.ts';
import { SWITCH_DEFAULTS, SWITCH_NAMES, type SwitchName } from './ipvs-switches.ts';
import {
  deviceName,
  duration,
  flag,
  hostAddress,
  interfaceAddress,
  listenAt,
  netmask,
  portItem,
  prefix,
  serviceName,
  whole,
  word,
} from './schema-fields.ts';

/** IPVS's persistence timeout when none is given, in seconds: its program's, not its manual's. */
export const PERSISTENCE_TIMEOUT = 360;

const MARK_MAX = 4294967295;
const WEIGHT_MAX = 2147483647;
const ENTRIES_MAX = 50_000_000;
/** The data plane's clock compares up to 2^31 ticks of 2^26 ns. */
const EXPIRATION_MAX = 100_000_000;

const protocol = word(['tcp', 'udp', 'sctp']);
const port = whole(0, 65535);
const mark = whole(1, MARK_MAX);

const interfaceSchema = mapping({
  device: deviceName,
  role: word(['public', 'private']).meta({ description: 'public: clients; private: servers' }),
  mode: word(['auto', 'native', 'generic', 'offload']).default('auto'),
  addresses: list(interfaceAddress)
    .default([])
    .meta({ description: 'floating addresses, added while this router is active' }),
});

const markSchema = mapping({
  mark,
  protocol,
  address: prefix,
  ports: list(portItem).min(1, 'at least one port, range or any'),
  source: prefix.optional(),
}).meta({ description: 'the first rule that matches sets the mark' });

const persistenceSchema = mapping({
  timeout: duration.default(PERSISTENCE_TIMEOUT),
  netmask: netmask.optional(),
  prefix: whole(1, 128).optional(),
});

const serverSchema = mapping({
  address: hostAddress,
  port: port.optional().meta({ description: "default: the service's; for a mark: the port the client used" }),
  weight: whole(0, WEIGHT_MAX).default(1).meta({ description: '0: no new connections' }),
  'upper-threshold': whole(0, MARK_MAX)
    .optional()
    .meta({ description: 'connections at which it takes no more; 0: no limit' }),
  'lower-threshold': whole(0, MARK_MAX)
    .optional()
    .meta({ description: 'below so many connections it takes some again; 0: below three quarters of upper-threshold' }),
});

const serviceSchema = mapping({
  name: serviceName,
  protocol: protocol.optional(),
  address: hostAddress.optional(),
  port: port.optional().meta({ description: '0 (every port) needs persistence' }),
  mark: mark.optional(),
  family: word(['ipv4', 'ipv6']).optional(),
  scheduler: word(SCHEDULERS).default('wlc'),
  persistence: persistenceSchema.optional(),
  servers: list(serverSchema).default([]).meta({ description: 'in the order in which ipvsadm -a would add them' }),
  flags: list(word(SERVICE_FLAGS)).optional(),
  'one-packet': flag.optional(),
  snat: flag
    .optional()
    .meta({ description: "servers see the router as their client: for clients in the servers' network" }),
}).meta({ oneOf: [{ required: ['mark'] }, { required: ['protocol', 'address', 'port'] }] });

const perSecond = whole(0, MARK_MAX).default(0).meta({ description: 'per second, 0: no limit' });

/** The whole file. Its own defaults are IPVS's wherever IPVS has one. */
export const configSchema = mapping({
  interfaces: list(interfaceSchema).min(1, 'at least one interface'),
  marks: list(markSchema).default([]),
  services: list(serviceSchema).default([]),
  timeouts: mapping({ tcp: duration.default(900), tcpfin: duration.default(120), udp: duration.default(300) }).prefault(
    {},
  ),
  tables: mapping({
    connections: whole(1024, ENTRIES_MAX).default(1_000_000),
    'ipv6-connections': whole(1024, ENTRIES_MAX)
      .optional()
      .meta({ description: 'default: as many as connections where a service is IPv6 at the start, else 16384' }),
    copies: whole(0, ENTRIES_MAX).optional().meta({
      description:
        'of IPv4 connections, for speed, shared out among the CPUs; default: as many as connections; 0: none',
    }),
    persistence: whole(1024, ENTRIES_MAX).default(100_000),
    fragments: whole(1024, ENTRIES_MAX).default(10_000),
  })
    .prefault({})
    .meta({ description: 'entries; preallocated' }),
  limits: mapping({
    'new-connections': mapping({ 'per-source': perSecond, 'per-service': perSecond }).prefault({}),
  }).prefault({}),
  ipvs: mapping(switchFields()).prefault({}),
  masquerade: flag.default(false).meta({
    description: "what servers send on their own leaves by a public interface from the router's address (nftables)",
  }),
  metrics: mapping({ listen: listenAt.default('127.0.0.1:9113') }).prefault({}),
});

/** What a valid file holds, before defaults. */
export type ConfigInput = z.input<typeof configSchema>;
/** The same with defaults. */
export type ConfigOutput = z.output<typeof configSchema>;

function switchFields() {
  const field = (name: SwitchName) => whole(0, WEIGHT_MAX).default(SWITCH_DEFAULTS[name]);
  const fields = Object.fromEntries(SWITCH_NAMES.map((name) => [name, field(name)]));
  return {
    ...(fields as Record<SwitchName, ReturnType<typeof field>>),
    conn_reuse_mode: whole(0, 3).default(1),
    expire_nodest_conn: whole(0, 1).default(0),
    expire_quiescent_template: whole(0, 1).default(0),
    sloppy_sctp: whole(0, 1).default(0),
    sloppy_tcp: whole(0, 1).default(0),
    cache_bypass: whole(0, 1).default(0),
    schedule_icmp: whole(0, 1).default(0),
    nat_icmp_send: whole(0, 1)
      .default(0)
      .meta({ description: '1: what comes from where a server listens, without a connection, is refused by ICMP' }),
    drop_entry: level('connections without a handshake, or long idle, are discarded at random'),
    drop_packet: level('new connections are dropped, with 3 one of am_droprate'),
    secure_tcp: level('what establishes a connection is a segment of its server'),
    am_droprate: whole(1, WEIGHT_MAX).default(10),
    amemthresh: whole(0, WEIGHT_MAX)
      .default(1024)
      .meta({ description: 'pages of 4 KiB: with less free memory the automatic levels act' }),
    lblc_expiration: whole(1, EXPIRATION_MAX).default(86_400).meta({ description: 'seconds' }),
    lblcr_expiration: whole(1, EXPIRATION_MAX).default(86_400).meta({ description: 'seconds' }),
  };
}

/** IPVS's 1 and 2 are one setting: it writes 2 over 1 while it acts. */
function level(what: string) {
  return whole(0, 3)
    .default(0)
    .meta({ description: `${what}; 0: never, 1 and 2: while memory is short and a daemon sees it, 3: always` });
}

function list<T extends z.ZodType>(item: T) {
  return z.array(item, 'a list');
}

/** A mapping with these keys and no others. The message for another key is the list of keys, for `problemsOfIssues`. */
function mapping<S extends z.ZodRawShape>(shape: S) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys : `a mapping with ${keys}`),
  });
}
