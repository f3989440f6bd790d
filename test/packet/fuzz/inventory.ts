// SPDX-License-Identifier: MIT
// What is in the fuzz test's world: addresses, servers, services of every kind, marks; as the tests' fixtures take them, and as the
// model does.
import { protocolNumber } from '../../../src/dataplane/abi-values.ts';
import { addressBytes, type IpFamily, prefixOf } from '../family.ts';
import { type Address, addressOf, networkOf } from '../model/address.ts';
import { type Packet, SCTP, TCP, UDP } from '../model/parse.ts';
import type { Server, Service } from '../model/scheduling.ts';
import * as roles from '../roles.ts';
import { at, type Endpoint } from '../roles.ts';
import type { ServerSpec, ServiceFixture, ServiceSpec } from '../service-fixture.ts';

export const VIPS = ['192.0.2.10', '192.0.2.11', '192.0.2.12'] as const;
const [V1, V2, V3] = VIPS;
const [S1, S2, S3] = [roles.SERVER_1, roles.SERVER_2, roles.SERVER_3];
/** In no service that takes many ports, so that a port of it can tell a service. */
const S4 = { address: '10.0.0.4', port: 90 };
export const SERVERS = [S1, S2, S3, S4];
export const CLIENTS = [1, 2, 3, 4, 5, 6].map((n) => `198.51.100.${n}`).concat([1, 2, 3].map((n) => `203.0.113.${n}`));

export const FAMILIES = [4, 6] as const;
const weigh = (server: Endpoint, weight: number): ServerSpec => ({ at: server, weight });
const vip = (address: string, port: number): Endpoint => ({ address, port });

/** Services that share servers, so that tuples collide, and one of every kind. */
export const SERVICES: readonly ServiceSpec[] = [
  { at: vip(V1, 80), scheduler: 'rr', servers: [S1, { at: at(S2, 8080), upper: 40 }, S3] },
  { at: vip(V1, 81), scheduler: 'lc', servers: [S1, at(S3, 81)] },
  { at: vip(V1, 443), scheduler: 'sh', servers: [weigh(at(S1, 443), 2), at(S2, 443), at(S3, 443)] },
  { at: vip(V1, 82), scheduler: 'wlc', servers: [] },
  { at: vip(V1, 8443), scheduler: 'rr', persistence: { ticks: 500 }, servers: [S1, at(S2, 0)] },
  { at: vip(V2, 443), scheduler: 'rr', servers: [at(S3, 0)] },
  { at: vip(V3, 0), persistence: { ticks: 2000, prefix: 24 }, servers: [weigh(at(S1, 0), 3), at(S2, 0), at(S3, 0)] },
  { at: vip(V2, 82), scheduler: 'sed', servers: [weigh(at(S1, 82), 2), at(S2, 82), { at: at(S3, 82), upper: 30 }] },
  { at: vip(V2, 83), scheduler: 'nq', servers: [weigh(at(S1, 83), 3), at(S2, 83), at(S3, 83)] },
  { at: vip(V2, 84), scheduler: 'fo', servers: [at(S1, 84), weigh({ ...at(S2, 84) }, 2), at(S3, 84)] },
  { at: vip(V2, 85), scheduler: 'ovf', servers: [weigh(at(S1, 85), 3), weigh(at(S2, 85), 2)] },
  { at: vip(V2, 86), scheduler: 'dh', servers: [at(S1, 86), weigh(at(S2, 86), 3), at(S3, 86)] },
  { at: vip(V2, 87), scheduler: 'mh', servers: [weigh(at(S1, 87), 2), at(S2, 87), at(S3, 87)] },
  { at: vip(V2, 88), scheduler: 'mh', flags: ['mh-port', 'mh-fallback'], servers: [at(S1, 88), weigh(at(S2, 88), 3)] },
  { at: vip(V2, 89), scheduler: 'sh', flags: ['sh-port', 'sh-fallback'], servers: [at(S1, 89), weigh(at(S3, 89), 2)] },
  { at: vip(V1, 21), scheduler: 'rr', persistence: { ticks: 800 }, servers: [at(S1, 21), at(S2, 2121), at(S3, 0)] },
  { at: vip(V2, 21), scheduler: 'rr', servers: [at(S1, 21)] },
  { protocol: 'sctp', at: vip(V1, 80), scheduler: 'rr', servers: [at(S1, 80), at(S2, 8080), at(S3, 80)] },
  { protocol: 'sctp', at: vip(V1, 81), scheduler: 'rr', persistence: { ticks: 500 }, servers: [at(S1, 90), S2] },
  { protocol: 'sctp', at: vip(V2, 443), scheduler: 'lc', servers: [{ at: at(S1, 0), upper: 30 }, at(S3, 9000)] },
  { protocol: 'udp', at: vip(V1, 55), scheduler: 'rr', onePacket: true, servers: [at(S2, 53), at(S3, 55)] },
  { protocol: 'udp', at: vip(V1, 53), scheduler: 'wlc', servers: [weigh(at(S1, 53), 3), at(S2, 53)] },
  { protocol: 'udp', at: vip(V1, 54), scheduler: 'rr', servers: [at(S1, 53)] },
  { at: vip(V1, 90), scheduler: 'rr', servers: [S4] },
  { at: vip(V2, 90), scheduler: 'rr', persistence: { ticks: 500, prefix: 24 }, servers: [at(S4, 91), at(S4, 92)] },
  ...[V1, V2].map((address) => ({ at: vip(address, 93), servers: [at(S4, 93), at(S1, 93)] })),
  { mark: 7, scheduler: 'wrr', servers: [weigh(at(S1, 0), 4), weigh(at(S2, 8080), 3), weigh(at(S3, 0), 2)] },
];
export const PORTS = [20, 21, 80, 81, 443, 82, 83, 87, 8443, 53, 54, 55, 1000, 1500, 1999, 2000, 22];
/** Where most first packets go; port-0 services by some port, mark services by what the rules mark. */
export const ENDPOINTS = SERVICES.flatMap(({ at: where }) =>
  where ? [{ ...where, port: where.port || 21 }] : [],
).concat([vip(V2, 1000), vip(V2, 1999), vip(V2, 53)]);

export const MARKS = [
  { mark: 7, protocol: 'tcp', address: `${V2}/32`, ports: [{ first: 1000, last: 1999 }] },
  { mark: 7, protocol: 'tcp', address: `${V2}/32`, ports: [{ first: 443, last: 443 }], source: '198.51.100.0/24' },
  { mark: 7, protocol: 'sctp', address: `${V2}/32`, ports: [{ first: 1500, last: 1500 }] },
  { mark: 7, protocol: 'udp', address: '192.0.2.11/32', ports: [{ first: 0, last: 65535 }] },
] as const;

export const addressIn = (family: IpFamily, text: string): Address => addressOf(addressBytes(text, family));

/** Who the source of the second rule covers. */
const NETWORKS: Record<IpFamily, Address> = {
  4: addressIn(4, '198.51.100.0'),
  6: addressIn(6, '198.51.100.0'),
};
const MARKED: Record<IpFamily, Address> = { 4: addressIn(4, V2), 6: addressIn(6, V2) };

export const isMarked = (p: Packet): boolean =>
  p.destination === MARKED[p.family] &&
  (p.protocol === UDP ||
    (p.protocol === SCTP && p.destinationPort === 1500) ||
    (p.protocol === TCP && p.destinationPort >= 1000 && p.destinationPort <= 1999) ||
    (p.protocol === TCP &&
      p.destinationPort === 443 &&
      networkOf(p.source, prefixOf(24, p.family)) === NETWORKS[p.family]));

const has = (spec: ServiceSpec, ...flags: readonly string[]): boolean =>
  flags.some((flag) => spec.flags?.some((own) => own === flag));

export function modelService(spec: ServiceSpec, family: IpFamily, fixture: ServiceFixture): Service {
  const servers = (spec.servers ?? []).map((server): Server => {
    const { at: where, weight = 1, upper = 0, lower = 0 } = 'at' in server ? server : { at: server };
    const name = fixture.slot(where);
    const place = { name, address: addressIn(family, where.address), port: where.port };
    return { ...place, weight, mhWeight: weight, upper, lower, overloaded: false, live: true, active: 0, inactive: 0 };
  });
  return {
    id: fixture.id,
    vip: spec.at && {
      address: addressIn(family, spec.at.address),
      port: spec.at.port,
      protocol: protocolNumber(spec.protocol ?? 'tcp'),
    },
    scheduler: (spec.scheduler ?? 'wlc') as Service['scheduler'],
    persistence: spec.persistence?.ticks ?? 0,
    prefix: prefixOf(spec.persistence?.prefix ?? 32, family),
    hashesPort: has(spec, 'sh-port', 'mh-port'),
    fallsBack: has(spec, 'sh-fallback', 'mh-fallback'),
    onePacket: spec.onePacket === true,
    isGroup: spec.mark !== undefined || spec.at?.port === 0,
    isFtp: spec.at?.port === 21,
    servers: servers.reverse(),
    last: undefined,
    weight: 1, // where wrr stands when servers of weight 4, 3 and 2 have been added in this order
  };
}

/** As the tests write it: an IPv6 address by its last word. */
export const endpointOf = ({ address, port }: Server): Endpoint => ({
  address: Buffer.from(address.slice(-8), 'hex').join('.'),
  port,
});
