// SPDX-License-Identifier: MIT
// The fuzz test's world: what inventory.ts lists, routes and clock for the real router and for the model, and the changes that
// operators, neighbours and time make to both. Everything is there twice, once in each family.
import { protocolNumber } from '../../../src/dataplane/abi-values.ts';
import type { IpFamily } from '../family.ts';
import { macBytes } from '../frame.ts';
import { setMarks } from '../mark-fixture.ts';
import type { Connection } from '../model/flow.ts';
import { Model } from '../model/model.ts';
import { type Packet, TCP } from '../model/parse.ts';
import type { Service } from '../model/scheduling.ts';
import type { Random } from '../random.ts';
import type { Endpoint } from '../roles.ts';
import * as roles from '../roles.ts';
import { FIB, MTU, type Router, type RouteSpec, SLICE, ticks } from '../router.ts';
import type { ServiceFixture, ServiceSpec } from '../service-fixture.ts';
import type { BothFamilies } from './both-families.ts';
import { DEVICES, Devices, type FuzzDevice } from './devices.ts';
import {
  addressIn,
  CLIENTS,
  endpointOf,
  FAMILIES,
  isMarked,
  MARKS,
  modelService,
  SERVERS,
  SERVICES,
} from './inventory.ts';

/** Every third is not the router's. */
const ANY_DEVICE = DEVICES.flatMap(({ ifindex }, i) => (i % 2 ? [ifindex] : [ifindex, roles.ELSEWHERE]));

/** These hosts in turn behind each device of a side. */
function spread(side: 'public' | 'private', hosts: readonly string[]): [string, number][] {
  const own = DEVICES.filter(({ role }) => role === side);
  return hosts.map((address, i) => [address, (own[i % own.length] as FuzzDevice).ifindex]);
}

/** By which device clients and servers are reached, unless a route changes. */
const HOMES: Readonly<Record<string, number>> = Object.fromEntries([
  ...spread('public', CLIENTS),
  ...spread('private', SERVERS.map(({ address }) => address)), // biome-ignore format: table
]);

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
  readonly #devices: Devices;
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
    this.#devices = new Devices(router, this.model.hops.devices);
    this.#setRoutes();
  }

  #setRoutes(): void {
    for (const family of FAMILIES) {
      for (const address of CLIENTS) this.setRoute(family, { address, port: 0 }, { device: HOMES[address] as number });
      for (const server of SERVERS)
        this.setRoute(family, server, { device: HOMES[server.address] as number, hop: roles.toServer(server) });
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

  setRoute(family: IpFamily, to: Endpoint, spec: RouteSpec): void {
    const { result = 0, device = roles.PUBLIC, mtu = MTU, hop = roles.TO_GATEWAY } = spec;
    this.#router.route(to, { result, device, mtu, hop }, family);
    const macs = { destination: macBytes(hop.destination), source: macBytes(hop.source) };
    this.model.hops.routes.set(addressIn(family, to.address), { result, device, mtu, macs });
  }

  announceChange(): void {
    this.#router.announceChange();
    this.model.hops.generation++;
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
    const slices =
      Math.ceil(connections / SLICE.connections) + 2 * Math.ceil((waiting[1] ?? 0) / SLICE.persistence) + 1;
    for (let i = 0; i < slices; i++) this.#both.expire();
    this.model.expire();
  }

  /** Now and then something happens that is no frame. */
  change(r: Random): void {
    if (r.oneIn(40)) this.passTicks(r.below(40));
    if (!r.oneIn(400)) return;
    const what = r.below(11);
    if (what === 0) this.passTicks(ticks(r.below(400)));
    else if (what <= 2) this.#changeRoute(r);
    else if (what === 3) this.#changeWeight(r);
    else if (what === 4) this.#changeMembers(r);
    else if (what === 5) this.#changeSwitches(r);
    else if (what === 6) this.expire();
    else if (what === 7) this.#changeLimits(r);
    else if (what === 8) this.#renumber(r);
    else this.#heal();
  }

  #changeRoute(r: Random): void {
    const isServer = r.oneIn(2);
    const who = isServer ? r.pick(SERVERS) : { address: r.pick(CLIENTS), port: 0 };
    const device = r.oneIn(4) ? r.pick(ANY_DEVICE) : (HOMES[who.address] as number);
    const result = r.pick([0, 0, FIB.NO_NEIGHBOUR, FIB.NO_NEIGHBOUR, FIB.BLACKHOLE, FIB.NOT_FORWARDED, FIB.DISABLED]);
    const hop = r.oneIn(3) ? roles.FROM_GATEWAY : isServer ? roles.toServer(who) : roles.TO_GATEWAY;
    this.setRoute(r.pick(FAMILIES), who, { result, device, mtu: r.pick([MTU, MTU, 0, 576, 1400]), hop });
    if (!r.oneIn(4)) this.announceChange();
  }

  /** Whoever heard of a VLAN device hears that it is another one. */
  #renumber(r: Random): void {
    this.#devices.renumber(r);
    this.announceChange();
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
