// SPDX-License-Identifier: MIT
// The series of node_exporter's ipvs collector, names, labels and help included, so that dashboards and alerts made for
// IPVS work unchanged. Its words (backend) are not ours.
import type { Counters, ServerStatistics, ServiceStatistics } from '../dataplane/data-plane.ts';
import type { ServiceKey } from '../model/model.ts';
import { type Exposition, type LabelSet, labelSet } from './exposition.ts';

const TOTALS: readonly [keyof Counters, string, string][] = [
  ['connections', 'connections_total', 'The total number of connections made.'],
  ['incomingBytes', 'incoming_bytes_total', 'The total amount of incoming data.'],
  ['incomingPackets', 'incoming_packets_total', 'The total number of incoming packets.'],
  ['outgoingBytes', 'outgoing_bytes_total', 'The total amount of outgoing data.'],
  ['outgoingPackets', 'outgoing_packets_total', 'The total number of outgoing packets.'],
];

const GAUGES: readonly ['active' | 'inactive' | 'weight', string, string][] = [
  ['active', 'connections_active', 'The current active connections by local and remote address.'],
  ['inactive', 'connections_inactive', 'The current inactive connections by local and remote address.'],
  ['weight', 'weight', 'The current backend weight by local and remote address.'],
];

export function nodeIpvsSeries(out: Exposition, totals: Counters, services: readonly ServiceStatistics[]): void {
  for (const [field, name, help] of TOTALS) out.metric(`node_ipvs_${name}`, 'counter', help)(totals[field]);
  const servers = services.flatMap(({ key, servers: all }) => all.map((of) => ({ labels: serverLabels(key, of), of })));
  for (const [field, name, help] of GAUGES) {
    const sample = out.metric(`node_ipvs_backend_${name}`, 'gauge', help);
    for (const { labels, of } of servers) sample(of[field], labels);
  }
}

/** In the order in which node_exporter writes them. */
function serverLabels(key: ServiceKey, { address, port }: ServerStatistics): LabelSet {
  const { local_address, local_mark, local_port, proto } = serviceLabels(key);
  return labelSet({ local_address, local_mark, local_port, proto, remote_address: address, remote_port: port });
}

/** As /proc/net/ip_vs has them: a mark is eight hexadecimal digits, and its service has no address. */
function serviceLabels(key: ServiceKey) {
  if (key.kind === 'mark')
    return { local_address: '', local_mark: hexadecimal(key.mark), local_port: '', proto: 'FWM' };
  return { local_address: key.address, local_mark: '', local_port: key.port, proto: key.protocol.toUpperCase() };
}

function hexadecimal(mark: number): string {
  return mark.toString(16).toUpperCase().padStart(8, '0');
}
