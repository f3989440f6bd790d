// SPDX-License-Identifier: MIT
// A config as the canonical text of its file: reading it again gives the same config. Comments are not kept anywhere.
import { Document } from 'yaml';
import type { Config, MarkRule, Server, Service } from '../model/model.ts';
import { formatEndpoint } from '../net/endpoint.ts';
import { formatPortRange, type PortRange } from '../net/port-range.ts';
import { formatDuration } from './duration.ts';

/** Every setting is written out, defaults too; the text ends with a newline. */
export function configToYaml(config: Config): string {
  const document = new Document();
  const inFlow = (value: unknown) => document.createNode(value, { flow: true });
  const { tcp, tcpfin, udp } = config.timeouts;
  document.contents = document.createNode({
    interfaces: config.interfaces.map((one) => ({ ...one, addresses: inFlow(one.addresses) })),
    marks: config.marks.map((rule) => inFlow(markMapping(rule))),
    services: config.services.map((service) => serviceMapping(service, inFlow)),
    timeouts: inFlow({ tcp: formatDuration(tcp), tcpfin: formatDuration(tcpfin), udp: formatDuration(udp) }),
    tables: inFlow(tablesMapping(config.tables)),
    limits: {
      'new-connections': inFlow({ 'per-source': config.limits.perSource, 'per-service': config.limits.perService }),
    },
    ipvs: inFlow(config.switches),
    masquerade: config.masquerade ?? false,
    metrics: inFlow({ listen: formatEndpoint(config.metrics.host, config.metrics.port) }),
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function markMapping({ ports, ...rule }: MarkRule) {
  return { ...rule, ports: ports.map(portItem) };
}

function portItem(range: PortRange): number | string {
  return range.first === range.last ? range.first : formatPortRange(range);
}

function serviceMapping(service: Service, inFlow: (value: unknown) => unknown) {
  const { name, key, scheduler, persistence, flags, onePacket, snat, servers } = service;
  return {
    name,
    ...keyMapping(key, servers),
    scheduler,
    ...(persistence && {
      persistence: inFlow({ timeout: formatDuration(persistence.timeout), prefix: persistence.prefix }),
    }),
    ...(flags && { flags: inFlow(flags) }),
    ...(onePacket && { 'one-packet': true }),
    ...(snat && { snat }),
    servers: servers.map((server) => inFlow(serverMapping(server))),
  };
}

function tablesMapping({ ipv6Connections, ...tables }: Config['tables']) {
  return ipv6Connections === undefined ? tables : { ...tables, 'ipv6-connections': ipv6Connections };
}

/** A mark's family is its servers'; only without servers it has to be said. */
function keyMapping(key: Service['key'], servers: readonly Server[]) {
  if (key.kind === 'address') return { protocol: key.protocol, address: key.address, port: key.port };
  return servers.length > 0 ? { mark: key.mark } : { mark: key.mark, family: key.family };
}

/** Port 0, the client's own, is what no port means wherever it is legal. */
function serverMapping({ address, port, weight, upperThreshold, lowerThreshold }: Server) {
  return {
    address,
    ...(port !== 0 && { port }),
    weight,
    ...(upperThreshold && { 'upper-threshold': upperThreshold }),
    ...(lowerThreshold && { 'lower-threshold': lowerThreshold }),
  };
}
