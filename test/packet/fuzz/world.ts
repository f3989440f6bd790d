// SPDX-License-Identifier: MIT
// The fuzz test's world: the same services, servers, routes and clock for the real router and for the model, and the
// changes that operators, neighbours and time make to both. Everything is there twice, once in each family.
import { protocolNumber } from '../../../src/dataplane/abi-values.ts';
import { addressBytes, type IpFamily, prefixOf } from '../family.ts';
import { macBytes } from '../frame.ts';
import { setMarks } from '../mark-fixture.ts';
import { type Address, addressOf, networkOf } from '../model/address.ts';
import type { Connection } from '../model/flow.ts';
import { Model } from '../model/model.ts';
import { type Packet, SCTP, TCP, UDP } from '../model/parse.ts';
import type { Server, Service } from '../model/scheduling.ts';
import type { Random } from '../random.ts';
import * as roles from '../roles.ts';
import { at, type Endpoint } from '../roles.ts';
import { FIB, MTU, type Router, type RouteSpec, ticks } from '../router.ts';
import type { ServerSpec, ServiceFixture, ServiceSpec } from '../service-fixture.ts';
import { putAddress } from '../snat-fixture.ts';
import type { BothFamilies } from './both-families.ts';

export const VIPS = ['192.0.2.10', '192.0.2.11', '192.0.2.12'] as const;
const [V1, V2, V3] = VIPS;
const [S1, S2, S3] = [roles.SERVER_1, roles.SERVER_2, roles.SERVER_3];
/** In no service that takes many ports, so that a port of it can tell a service. */
const S4 = { address: '10.0.0.4', port: 90 };
const SERVERS = [S1, S2, S3, S4];
/** The router's own, by device. */
const OWN = { [roles.PUBLIC]: '192.0.2.1', [roles.PRIVATE]: '10.0.0.254' };
export const CLIENTS = [1, 2, 3, 4, 5, 6].map((n) => `198.51.100.${n}`).concat([1, 2, 3].map((n) => `203.0.113.${n}`));

const FAMILIES = [4, 6] as const;
const weigh = (server: Endpoint, weight: number): ServerSpec => ({ at: server, weight });
const vip = (address: string, port: number): Endpoint => ({ address, port });

/** Services that share servers, so that tuples collide, and one of every kind. */
const SERVICES: readonly ServiceSpec[] = [
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

const MARKS = [
  { mark: 7, protocol: 'tcp', address: `${V2}/32`, ports: [{ first: 1000, last: 1999 }] },
  { mark: 7, protocol: 'tcp', address: `${V2}/32`, ports: [{ first: 443, last: 443 }], source: '198.51.100.0/24' },
  { mark: 7, protocol: 'sctp', address: `${V2}/32`, ports: [{ first: 1500, last: 1500 }] },
  { mark: 7, protocol: 'udp', address: '192.0.2.11/32', ports: [{ first: 0, last: 65535 }] },
] as const;

const addressIn = (family: IpFamily, text: string): Address => addressOf(addressBytes(text, family));

/** Who the source of the second rule covers. */
const NETWORKS: Record<IpFamily, Address> = {
  4: addressIn(4, '198.51.100.0'),
  6: addressIn(6, '198.51.100.0'),
};
const MARKED: Record<IpFamily, Address> = { 4: addressIn(4, V2), 6: addressIn(6, V2) };

const isMarked = (p: Packet): boolean =>
  p.destination === MARKED[p.family] &&
  (p.protocol === UDP ||
    (p.protocol === SCTP && p.destinationPort === 1500) ||
    (p.protocol === TCP && p.destinationPort >= 1000 && p.destinationPort <= 1999) ||
    (p.protocol === TCP &&
      p.destinationPort === 443 &&
      networkOf(p.source, prefixOf(24, p.family)) === NETWORKS[p.family]));

const has = (spec: ServiceSpec, ...flags: readonly string[]): boolean =>
  flags.some((flag) => spec.flags?.some((own) => own === flag));

function modelService(spec: ServiceSpec, family: IpFamily, fixture: ServiceFixture): Service {
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

interface Pair {
  readonly family: IpFamily;
  readonly spec: ServiceSpec;
  readonly fixture: ServiceFixture;
  readonly service: Service;
}

export class World {
  readonly model: Model;
  readonly services: readonly Pair[];
  /** The connections made last, living or not: what the next frames may be about. */
  readonly recent: Connection[] = [];
  readonly #both: BothFamilies;
  readonly #router: Router;
  readonly #removed: (() => void)[] = [];
  #made = 0;

  constructor(both: BothFamilies) {
    const { router } = both;
    this.#both = both;
    this.#router = router;
    router.tables.routes.clear();
    setMarks(router, MARKS, FAMILIES);
    this.services = FAMILIES.flatMap((family) =>
      SERVICES.map((spec) => {
        const fixture = router.addService({ ...spec, family });
        return { family, spec, fixture, service: modelService(spec, family, fixture) };
      }),
    );
    const services = this.services.map(({ service }) => service);
    this.model = new Model({ services, findService: this.#lookup(), ticks, onCreate: (made) => this.#remember(made) });
    this.model.now = router.now;
    this.#setDevices();
    this.#setRoutes();
  }

  #setRoutes(): void {
    for (const family of FAMILIES) {
      for (const address of CLIENTS) this.setRoute(family, { address, port: 0 }, { device: roles.PUBLIC });
      for (const server of SERVERS)
        this.setRoute(family, server, { device: roles.PRIVATE, hop: roles.toServer(server) });
    }
  }

  #remember(connection: Connection): void {
    this.recent[this.#made++ % 512] = connection;
  }

  #lookup(): (p: Packet) => Service | undefined {
    const marked = (wanted: IpFamily) =>
      this.services.find(({ family, spec }) => family === wanted && spec.mark === 7)?.service;
    const byMark = { 4: marked(4), 6: marked(6) };
    const byKey = new Map(
      this.services.flatMap(({ family, spec, service }) =>
        spec.at
          ? [
              [
                `${addressIn(family, spec.at.address)}:${spec.at.port}/${protocolNumber(spec.protocol ?? 'tcp')}`,
                service,
              ],
            ]
          : [],
      ) as [string, Service][],
    );
    return (p) => {
      if (isMarked(p)) return byMark[p.family];
      const key = (port: number) => byKey.get(`${p.destination}:${port}/${p.protocol}`);
      const isData = p.protocol === TCP && (p.destinationPort === 20 || p.destinationPort >= 1024);
      return key(p.destinationPort) ?? (isData ? key(21) : undefined) ?? key(0);
    };
  }

  #setDevices(): void {
    for (const [device, mac] of [
      [roles.PUBLIC, roles.PUBLIC_MAC],
      [roles.PRIVATE, roles.PRIVATE_MAC],
    ] as const) {
      const own = OWN[device] as string;
      const address = { 4: addressIn(4, own), 6: addressIn(6, own) };
      this.model.devices.set(device, { mac: macBytes(mac), mtu: MTU, isPrivate: device === roles.PRIVATE, address });
      for (const family of FAMILIES) putAddress(this.#router, own, '0.0.0.0', 0, device, family);
    }
  }

  setRoute(family: IpFamily, to: Endpoint, spec: RouteSpec): void {
    const { result = 0, device = roles.PUBLIC, mtu = MTU, hop = roles.TO_GATEWAY } = spec;
    this.#router.route(to, { result, device, mtu, hop }, family);
    const macs = { destination: macBytes(hop.destination), source: macBytes(hop.source) };
    this.model.routes.set(addressIn(family, to.address), { result, device, mtu, macs });
  }

  announceChange(): void {
    this.#router.announceChange();
    this.model.generation++;
  }

  passTicks(count: number): void {
    this.#both.passTicks(count);
    this.model.now += count;
  }

  /** Walks both rings until everything in them has been looked at. */
  expire(): void {
    const waiting = [0, 1, 2].map((ring) => {
      const { head = 0n, tail = 0n } = this.#router.tables.ringCursors.get(ring) ?? {};
      return Number(head - tail);
    });
    const connections = Math.max(waiting[0] ?? 0, waiting[2] ?? 0);
    const slices = Math.ceil(connections / 128) + 2 * Math.ceil((waiting[1] ?? 0) / 32) + 1;
    for (let i = 0; i < slices; i++) this.#both.expire();
    this.model.expire();
  }

  /** Now and then something happens that is no frame. */
  change(r: Random): void {
    if (r.oneIn(40)) this.passTicks(r.below(40));
    if (!r.oneIn(400)) return;
    const what = r.below(10);
    if (what === 0) this.passTicks(ticks(r.below(400)));
    else if (what <= 2) this.#changeRoute(r);
    else if (what === 3) this.#changeWeight(r);
    else if (what === 4) this.#changeMembers(r);
    else if (what === 5) this.#changeSwitches(r);
    else if (what === 6) this.expire();
    else if (what === 7) this.#changeLimits(r);
    else this.#heal();
  }

  #changeRoute(r: Random): void {
    const isServer = r.oneIn(2);
    const who = isServer ? r.pick(SERVERS) : { address: r.pick(CLIENTS), port: 0 };
    const device = r.oneIn(4)
      ? r.pick([roles.PUBLIC, roles.PRIVATE, roles.ELSEWHERE])
      : isServer
        ? roles.PRIVATE
        : roles.PUBLIC;
    const result = r.pick([0, 0, FIB.NO_NEIGHBOUR, FIB.NO_NEIGHBOUR, FIB.BLACKHOLE, FIB.NOT_FORWARDED, FIB.DISABLED]);
    const hop = r.oneIn(3) ? roles.FROM_GATEWAY : isServer ? roles.toServer(who) : roles.TO_GATEWAY;
    this.setRoute(r.pick(FAMILIES), who, { result, device, mtu: r.pick([MTU, MTU, 0, 576, 1400]), hop });
    if (!r.oneIn(4)) this.announceChange();
  }

  /** wrr's list stays as it is: where it goes on behind a change is user space's business. */
  #changeable(r: Random): Pair {
    return r.pick(this.services.filter(({ service }) => service.scheduler !== 'wrr' && service.servers.length > 0));
  }

  #changeWeight(r: Random): void {
    const { service, fixture } = this.#changeable(r);
    const server = r.pick(service.servers);
    const upper = r.pick([server.upper, 0, 1, 3, 20]);
    const lower = r.below(upper + 1);
    const connections = server.active + server.inactive;
    if (upper !== server.upper || lower !== server.lower) {
      const floor = lower || (upper * 3) / 4;
      server.overloaded = upper > 0 && (connections >= upper || (server.overloaded && connections >= floor));
    }
    const weight = r.below(4);
    Object.assign(server, { weight, mhWeight: weight || server.mhWeight, upper, lower });
    fixture.edit(endpointOf(server), { weight: server.weight, upper, lower: server.lower });
  }

  #changeMembers(r: Random): void {
    const { service, fixture } = this.#changeable(r);
    const server = r.pick(service.servers);
    const restore = fixture.remove(endpointOf(server));
    server.live = false;
    service.servers = service.servers.filter((other) => other !== server);
    this.#removed.push(() => {
      restore();
      server.live = true;
      service.servers = [server, ...service.servers];
    });
    this.announceChange();
  }

  #changeSwitches(r: Random): void {
    const switches = {
      connReuseMode: r.below(2),
      expireNodestConn: r.below(2),
      expireQuiescentTemplate: r.below(2),
      sloppyTcp: r.oneIn(4) ? 1 : 0,
      sloppySctp: r.oneIn(4) ? 1 : 0,
      natIcmpSend: r.oneIn(4) ? 1 : 0,
    };
    this.#router.set(switches);
    Object.assign(this.model, switches);
  }

  /** Caps and drop_packet, mostly none. */
  #changeLimits(r: Random): void {
    const limits = {
      sourceLimit: r.oneIn(4) ? 1 + r.below(20) : 0,
      serviceLimit: r.oneIn(4) ? 1 + r.below(20) : 0,
      dropPacket: r.oneIn(4) ? 3 : 0,
      amDroprate: 1 + r.below(10),
    };
    this.#router.set(limits);
    Object.assign(this.model.limits, limits);
  }

  /** Brings back what went, so that trouble does not pile up. */
  #heal(): void {
    for (const restore of this.#removed.splice(0)) restore();
    this.#setRoutes();
    this.announceChange();
  }
}

/** As the tests write it: an IPv6 address by its last word. */
const endpointOf = ({ address, port }: Server): Endpoint => ({
  address: Buffer.from(address.slice(-8), 'hex').join('.'),
  port,
});
