// SPDX-License-Identifier: MIT
// -Z by offset, as IPVS does it: what the counters were then is kept in the pins and subtracted from what is shown. The
// counters themselves go on, so that Prometheus never sees one fall.
import { serviceKeyText } from '../control/words.ts';
import type { Counters, DataPlane, ServerStatistics, ServiceStatistics } from '../dataplane/data-plane.ts';
import type { ServiceKey } from '../model/model.ts';

/** Connections, packets and bytes in, packets and bytes out; bigints as text. */
type Offsets = readonly [string, string, string, string, string];

/** By the text of a service's key; servers by `address port`. */
type Document = Record<string, { readonly service: Offsets; readonly servers: Readonly<Record<string, Offsets>> }>;

const FIELDS = ['connections', 'incomingPackets', 'incomingBytes', 'outgoingPackets', 'outgoingBytes'] as const;

const offsetsOf = (counters: Counters): Offsets => FIELDS.map((field) => String(counters[field])) as unknown as Offsets;

const serverText = ({ address, port }: Pick<ServerStatistics, 'address' | 'port'>): string => `${address} ${port}`;

/** Counters that are below their offset have begun anew: the offset is not about them. */
function since(counters: Counters, offsets: Offsets | undefined): Counters {
  if (!offsets) return counters;
  const left = FIELDS.map((field, i) => [field, counters[field] - BigInt(offsets[i] as string)] as const);
  return left.some(([, count]) => count < 0n) ? counters : (Object.fromEntries(left) as unknown as Counters);
}

function read(router: Pick<DataPlane, 'readDocument'>): Document {
  return JSON.parse(router.readDocument('zeroes') ?? '{}') as Document;
}

/** The statistics with what was there at the last -Z taken off. */
export function sinceZeroed(router: DataPlane): ServiceStatistics[] {
  const zeroes = read(router);
  return router.statistics().services.map((service) => {
    const offsets = zeroes[serviceKeyText(service.key)];
    return {
      ...service,
      counters: since(service.counters, offsets?.service),
      servers: service.servers.map((one) => ({
        ...one,
        counters: since(one.counters, offsets?.servers[serverText(one)]),
      })),
    };
  });
}

/** Entries of services that run no more are forgotten. */
function write(router: DataPlane, statistics: readonly ServiceStatistics[], entries: Document): void {
  const running = new Set(statistics.map(({ key }) => serviceKeyText(key)));
  const kept = Object.entries(read(router)).filter(([key]) => running.has(key) && !(key in entries));
  router.writeDocument('zeroes', JSON.stringify({ ...Object.fromEntries(kept), ...entries }));
}

/** Everything counted so far shows as zero from now on; of all services, or of one. Under the router's lock. */
export function zero(router: DataPlane, only?: ServiceKey): void {
  const { services } = router.statistics();
  const text = only && serviceKeyText(only);
  const zeroed = services.filter(({ key }) => text === undefined || serviceKeyText(key) === text);
  write(router, services, Object.fromEntries(zeroed.map((one) => [serviceKeyText(one.key), offsetsOfAll(one)])));
}

function offsetsOfAll({ counters, servers }: ServiceStatistics): Document[string] {
  const offsets = servers.map((one) => [serverText(one), offsetsOf(one.counters)] as const);
  return { service: offsetsOf(counters), servers: Object.fromEntries(offsets) };
}

/** A service that is added counts from zero, whatever one of its key counted before; its servers go on, as in IPVS. */
export function beginAnew(router: DataPlane, added: readonly ServiceKey[]): void {
  if (added.length === 0) return;
  const keys = new Set(added.map(serviceKeyText));
  const { services } = router.statistics();
  const before = services.filter(({ key, counters }) => keys.has(serviceKeyText(key)) && counters.connections > 0n);
  if (before.length === 0) return;
  const entry = ({ key, counters }: ServiceStatistics) =>
    [serviceKeyText(key), { service: offsetsOf(counters), servers: {} }] as const;
  write(router, services, Object.fromEntries(before.map(entry)));
}
