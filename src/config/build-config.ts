// SPDX-License-Identifier: MIT
// From the file's values, already checked, to the model: defaults that depend on other values, canonical texts, seconds.
import {
  type Config,
  type Family,
  type Interface,
  type Limits,
  type MarkRule,
  type Persistence,
  SERVICE_FLAGS,
  type Server,
  type Service,
  type ServiceKey,
  type Switches,
  type Tables,
} from '../model/model.ts';
import { addressBits, canonicalAddress, familyOf } from '../net/address.ts';
import { parseHostPort } from '../net/endpoint.ts';
import { parsePortRanges } from '../net/port-range.ts';
import { canonicalPrefix, formatPrefix, parsePrefix, prefixOfNetmask } from '../net/prefix.ts';
import { parseDuration } from './duration.ts';
import { SWITCHES_NOW } from './not-yet.ts';
import type { ConfigOutput } from './schema.ts';

type ServiceOutput = ConfigOutput['services'][number];

/** Throws TypeError when the values have not been checked. */
export function buildConfig(output: ConfigOutput): Config {
  const { tcp, tcpfin, udp } = output.timeouts;
  return {
    interfaces: output.interfaces.map(buildInterface),
    marks: output.marks.map(buildMark),
    services: output.services.map(buildService),
    timeouts: { tcp: seconds(tcp), tcpfin: seconds(tcpfin), udp: seconds(udp) },
    tables: buildTables(output.tables),
    switches: buildSwitches(output.ipvs),
    limits: buildLimits(output.limits),
    ...(output.masquerade && { masquerade: true as const }),
    metrics: checked(parseHostPort(output.metrics.listen)),
  };
}

function buildTables({ 'ipv6-connections': ipv6Connections, copies, ...tables }: ConfigOutput['tables']): Tables {
  return {
    ...tables,
    ...(ipv6Connections !== undefined && { ipv6Connections }),
    ...(copies !== undefined && { copies }),
  };
}

function buildSwitches(ipvs: ConfigOutput['ipvs']): Switches {
  return Object.fromEntries(SWITCHES_NOW.map((name) => [name, ipvs[name]])) as unknown as Switches;
}

function buildLimits({ 'new-connections': limits }: ConfigOutput['limits']): Limits {
  return { perSource: limits['per-source'], perService: limits['per-service'] };
}

function buildInterface({ device, role, mode, addresses }: ConfigOutput['interfaces'][number]): Interface {
  return { device, role, mode, addresses: addresses.map((text) => formatPrefix(checked(parsePrefix(text)))) };
}

function buildMark({ mark, protocol, address, ports, source }: ConfigOutput['marks'][number]): MarkRule {
  const rule = { mark, protocol, address: canonicalPrefix(address), ports: checked(parsePortRanges(ports)) };
  return source === undefined ? rule : { ...rule, source: canonicalPrefix(source) };
}

function buildService(service: ServiceOutput): Service {
  const key = buildKey(service);
  const defaultPort = key.kind === 'address' ? key.port : 0;
  const servers = service.servers.map((server) => buildServer(server, defaultPort));
  const built = { name: service.name, key, scheduler: service.scheduler, servers };
  const flags = SERVICE_FLAGS.filter((flag) => service.flags?.includes(flag));
  return {
    ...built,
    ...(service.persistence && { persistence: buildPersistence(service) }),
    ...(flags.length > 0 && { flags }),
    ...(service['one-packet'] && { onePacket: true as const }),
    ...(service.snat && { snat: true as const }),
  };
}

function buildServer(server: ServiceOutput['servers'][number], defaultPort: number): Server {
  const { address, port, weight, 'upper-threshold': upper, 'lower-threshold': lower } = server;
  return {
    address: canonicalAddress(address),
    port: port ?? defaultPort,
    weight,
    ...(upper && { upperThreshold: upper }),
    ...(lower && { lowerThreshold: lower }),
  };
}

function buildKey(service: ServiceOutput): ServiceKey {
  if (service.mark !== undefined) return { kind: 'mark', mark: service.mark, family: familyOfOutput(service) };
  const { protocol, address, port } = service;
  return {
    kind: 'address',
    protocol: checked(protocol),
    address: canonicalAddress(checked(address)),
    port: checked(port),
  };
}

function familyOfOutput({ address, family, servers }: ServiceOutput): Family {
  if (address !== undefined) return familyOf(address);
  return family ?? familyOf(checked(servers[0]?.address));
}

function buildPersistence(service: ServiceOutput): Persistence {
  const { timeout, netmask, prefix } = checked(service.persistence);
  const given = netmask === undefined ? prefix : prefixOfNetmask(netmask);
  return { timeout: seconds(timeout), prefix: given ?? addressBits(familyOfOutput(service)) };
}

function seconds(value: number | string): number {
  return checked(parseDuration(value));
}

function checked<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a config is built from values that have been checked');
  return value;
}
