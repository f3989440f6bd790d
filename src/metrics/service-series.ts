// SPDX-License-Identifier: MIT
// The series of services and servers. A sum over the servers is a metric of its own: summing one metric never counts twice.
import type { Counters, ServerStatistics, ServiceStatistics } from '../dataplane/data-plane.ts';
import { type Exposition, type LabelSet, labelSet } from './exposition.ts';

/** A counter field, its metric's name without prefix, and its help. */
const COUNTERS: readonly [keyof Counters, string, string][] = [
  ['connections', 'connections_total', 'Connections made.'],
  ['incomingPackets', 'incoming_packets_total', 'Packets from clients.'],
  ['incomingBytes', 'incoming_bytes_total', 'Bytes from clients, IP headers included.'],
  ['outgoingPackets', 'outgoing_packets_total', 'Packets to clients.'],
  ['outgoingBytes', 'outgoing_bytes_total', 'Bytes to clients, IP headers included.'],
];

type Gauge = 'active' | 'inactive' | 'weight' | 'persistence';

const GAUGES: readonly [Gauge, string, string][] = [
  ['active', 'active_connections', 'TCP connections established or being opened now.'],
  ['inactive', 'inactive_connections', 'Other connections now.'],
  ['weight', 'weight', 'Weight; 0 takes no new connections.'],
  ['persistence', 'persistence_entries', 'Persistence entries now.'],
];

interface Labelled<T> {
  readonly labels: LabelSet;
  readonly of: T;
}

export function serviceSeries(out: Exposition, services: readonly ServiceStatistics[]): void {
  writeServiceInfo(out, services);
  const sums = services.map((of) => ({ labels: labelSet({ service: of.name }), of }));
  const servers = services.flatMap((service) =>
    service.servers.map((of) => ({ labels: serverLabels(service, of), of })),
  );
  writeCounters(out, 'service', ' All servers of the service, removed ones included.', sums);
  writeCounters(out, 'server', '', servers);
  for (const [field, name, help] of GAUGES) {
    writeGauge(out, `xlvs_service_${name}`, `${help} Sum over the service's servers.`, sums, ({ servers: all }) =>
      all.reduce((total, one) => total + one[field], 0),
    );
    writeGauge(out, `xlvs_server_${name}`, help, servers, (one) => one[field]);
  }
}

function serverLabels({ name }: ServiceStatistics, { address, port }: ServerStatistics): LabelSet {
  return labelSet({ service: name, server: address, port });
}

function writeServiceInfo(out: Exposition, services: readonly ServiceStatistics[]): void {
  const info = out.metric('xlvs_service_info', 'gauge', 'What the service is; always 1.');
  for (const { name, key, scheduler } of services) {
    const where =
      key.kind === 'mark'
        ? { protocol: '', address: '', port: '', mark: key.mark, family: key.family }
        : { protocol: key.protocol, address: key.address, port: key.port, mark: '', family: familyOf(key.address) };
    info(1, labelSet({ service: name, ...where, scheduler }));
  }
}

function familyOf(address: string): string {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

type Counted = { readonly counters: Counters };

function writeCounters(out: Exposition, noun: string, more: string, all: readonly Labelled<Counted>[]): void {
  for (const [field, name, help] of COUNTERS) {
    const sample = out.metric(`xlvs_${noun}_${name}`, 'counter', help + more);
    for (const { labels, of } of all) sample(of.counters[field], labels);
  }
}

function writeGauge<T>(
  out: Exposition,
  name: string,
  help: string,
  all: readonly Labelled<T>[],
  read: (of: T) => number,
) {
  const sample = out.metric(name, 'gauge', help);
  for (const { labels, of } of all) sample(read(of), labels);
}
