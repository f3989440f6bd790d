// SPDX-License-Identifier: MIT
// What --json writes. Others read it: names and meanings here are kept, and docs/json.md describes each one.
import type {
  AttachedInterface,
  Connection,
  Counters,
  DataPlane,
  PersistenceEntry,
  ServerStatistics,
  ServiceStatistics,
  Statistics,
} from '../dataplane/data-plane.ts';
import type { MarkRule, ServiceKey } from '../model/model.ts';

export function countersJson(counters: Counters) {
  return {
    connections: counters.connections,
    incoming_packets: counters.incomingPackets,
    incoming_bytes: counters.incomingBytes,
    outgoing_packets: counters.outgoingPackets,
    outgoing_bytes: counters.outgoingBytes,
  };
}

export function serverJson(service: string, server: ServerStatistics) {
  const { address, port, weight, active, inactive, persistence, counters } = server;
  const { upperThreshold, lowerThreshold, isOverloaded } = server;
  return {
    service,
    address,
    port,
    weight,
    upper_threshold: upperThreshold ?? 0,
    lower_threshold: lowerThreshold ?? 0,
    overloaded: isOverloaded,
    active,
    inactive,
    persistence_entries: persistence,
    counters: countersJson(counters),
  };
}

export function serviceJson({
  name,
  key,
  scheduler,
  persistence,
  flags,
  onePacket,
  snat,
  counters,
  servers,
}: ServiceStatistics) {
  const sum = (field: 'active' | 'inactive' | 'persistence') => servers.reduce((total, one) => total + one[field], 0);
  return {
    name,
    ...keyJson(key),
    scheduler,
    persistence: persistence ?? null,
    flags: flags ?? [],
    one_packet: onePacket ?? false,
    snat: snat ?? false,
    active: sum('active'),
    inactive: sum('inactive'),
    persistence_entries: sum('persistence'),
    counters: countersJson(counters),
    servers: servers.map((server) => serverJson(name, server)),
  };
}

function keyJson(key: ServiceKey) {
  const family = key.kind === 'mark' ? key.family : key.address.includes(':') ? 'ipv6' : 'ipv4';
  const nothing = { protocol: null, address: null, port: null, mark: null };
  if (key.kind === 'mark') return { ...nothing, mark: key.mark, family };
  return { ...nothing, protocol: key.protocol, address: key.address, port: key.port, family };
}

export function connectionJson({ service, ...connection }: Connection) {
  return { ...connection, service: service ?? null };
}

export function persistenceJson({ service, ...entry }: PersistenceEntry) {
  return { ...entry, service: service ?? null };
}

export function markJson({ mark, protocol, address, ports, source }: MarkRule, service: string | undefined) {
  return { mark, protocol, address, ports, source: source ?? null, service: service ?? null };
}

function interfaceJson({ device, ifindex, role, mode, port, vlans }: AttachedInterface) {
  return { device, ifindex, role, mode: mode ?? null, port: port ?? device, vlans: vlans ?? [] };
}

/** `statistics`: of the services to be shown. `daemon`: pid of the living daemon. */
export function statusJson(router: DataPlane, { services, totals }: Statistics, pins: string, daemon: number | null) {
  const { timeouts, switches, limits } = router.state();
  return {
    pins,
    daemon,
    interfaces: router.interfaces().map(interfaceJson),
    services: services.map(serviceJson),
    counters: countersJson(totals),
    tables: router.fill(),
    timeouts,
    ipvs: switches,
    limits: { new_connections: { per_source: limits.perSource, per_service: limits.perService } },
    ...router.reasons(),
  };
}
