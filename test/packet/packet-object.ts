// SPDX-License-Identifier: MIT
// Loads xlvs_packet.bpf.c and opens its maps with their types.
import { type Codec, PerCpuMap, parseBtf, TypedMap } from 'bpf-maps';
import { BpfObject } from 'libbpf-ts';
import * as abi from '../../src/abi/index.ts';
import { blocks } from '../../src/dataplane/front-blocks.ts';
import { buildPacketObject } from './build-packet-object.ts';
import { FAMILY, type IpFamily, isIpv6 } from './family.ts';

export interface TableSizes {
  /** Connections times two. */
  readonly connections: number;
  /** Power of two. */
  readonly connectionRing: number;
  /** Connections with snat times two. */
  readonly translations: number;
  readonly persistence: number;
  /** Power of two. */
  readonly persistenceRing: number;
  readonly fragments: number;
  /** In front of the connections, of each CPU. */
  readonly frontSets: number;
}

export const USUAL_SIZES: TableSizes = {
  connections: 8192,
  connectionRing: 8192,
  translations: 8192,
  persistence: 1024,
  persistenceRing: 2048,
  fragments: 1024,
  frontSets: 64,
};

/** Loaded, not attached to anything; over the maps of another one if there is one. */
export function loadPacketObject(
  sizes: TableSizes,
  family: IpFamily = FAMILY,
  shared?: { readonly object: BpfObject; readonly maps: readonly string[] },
): BpfObject {
  const object = BpfObject.open(buildPacketObject(family));
  for (const own of ['', '6']) {
    object.setMaxEntries(`connections${own}`, sizes.connections);
    object.setMaxEntries(`connection_slots${own}`, sizes.connectionRing);
    object.setMaxEntries(`translations${own}`, sizes.translations);
  }
  object.setMaxEntries('fragments', sizes.fragments);
  object.setMaxEntries('persistence', sizes.persistence);
  object.setMaxEntries('persistence_slots', sizes.persistenceRing);
  object.setMaxEntries('front_sets', sizes.frontSets * blocks());
  object.setMaxEntries('front_hops', abi.LIMIT_FRONT_HOPS * blocks());
  for (const name of shared?.maps ?? []) object.reuseMap(name, (shared as NonNullable<typeof shared>).object.map(name));
  object.load();
  return object;
}

type Named = typeof abi.maps;
type KeyOf<N extends keyof Named> = Named[N]['key'] extends Codec<infer K> ? K : never;
type ValueOf<N extends keyof Named> = Named[N]['value'] extends Codec<infer V> ? V : never;

export interface MockRoute {
  /** `BPF_FIB_LKUP_RET_*` */
  readonly result: number;
  readonly ifindex: number;
  readonly mtu: number;
  readonly destinationMac: Uint8Array;
  readonly sourceMac: Uint8Array;
}

export interface MockQuestion {
  readonly source: abi.Address;
  readonly destination: abi.Address;
  readonly ifindex: number;
  readonly protocol: number;
  /** How often anything was asked. */
  readonly asked: number;
}

export interface ChecksumResult {
  readonly fold: number;
  readonly delta16: number;
  readonly delta32: number;
  readonly applied: number;
}

/** The data plane's maps and the mocks' by their names in C. */
export function openTables(object: BpfObject) {
  const btf = parseBtf(object.btf());
  const table = <N extends keyof Named>(name: N): TypedMap<KeyOf<N>, ValueOf<N>> => {
    const { key, value } = abi.maps[name] as unknown as { key: Codec<KeyOf<N>>; value: Codec<ValueOf<N>> };
    return new TypedMap(object.map(name), key, value);
  };
  const perCpu = <N extends keyof Named>(name: N): PerCpuMap<KeyOf<N>, ValueOf<N>> => {
    const { key, value } = abi.maps[name] as unknown as { key: Codec<KeyOf<N>>; value: Codec<ValueOf<N>> };
    return new PerCpuMap(object.map(name), key, value);
  };
  const mock = <V>(name: string): TypedMap<number, V> => TypedMap.fromBtf<number, V>(object.map(name), btf, name);
  return {
    // of the family; IPv4's types stand for both
    connections: (isIpv6 ? table('connections6') : table('connections')) as ReturnType<typeof table<'connections'>>,
    connectionSlots: (isIpv6 ? table('connection_slots6') : table('connection_slots')) as ReturnType<
      typeof table<'connection_slots'>
    >,
    translations: (isIpv6 ? table('translations6') : table('translations')) as ReturnType<typeof table<'translations'>>,
    frontSets: table('front_sets'),
    frontHops: table('front_hops'),
    persistence: table('persistence'),
    persistenceSlots: table('persistence_slots'),
    ringCursors: table('ring_cursors'),
    services: table('services'),
    listeners: table('listeners'),
    members: table('members'),
    hashTables: table('hash_tables'),
    mhTables: table('mh_tables'),
    localities: table('localities'),
    fragments: table('fragments'),
    sourceRates: table('source_rates'),
    serviceRates: table('service_rates'),
    servers: table('servers'),
    serverLoads: table('server_loads'),
    serverCounters: perCpu('server_counters'),
    schedulerStates: table('scheduler_states'),
    interfaces: table('interfaces'),
    vlans: table('vlans'),
    vlanDevices: table('vlan_devices'),
    snatAddresses: table('snat_addresses'),
    snatNumbers: table('snat_numbers'),
    settings: table('settings'),
    epochs: table('epochs'),
    daemons: table('daemons'),
    passes: perCpu('passes'),
    drops: perCpu('drops'),
    events: perCpu('events'),
    routes: TypedMap.fromBtf<abi.Address, MockRoute>(object.map('mock_routes'), btf, 'mock_routes'),
    questions: mock<MockQuestion>('mock_questions'),
    clocks: mock<bigint>('mock_clocks'),
    checksums: mock<ChecksumResult>('checksum_results'),
    crc32cs: mock<number>('crc32c_results'),
  };
}

export type Tables = ReturnType<typeof openTables>;
