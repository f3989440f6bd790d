// SPDX-License-Identifier: MIT
// IPVS's table as ipvsadm edits it: a copy of the services that run, changed in memory; what it comes to is carried out as
// one transaction. Refusals are the kernel's, in its order.
import { changeBetween } from '../control/diff.ts';
import { serviceKeyText } from '../control/words.ts';
import type { RouterChange, RouterState } from '../dataplane/data-plane.ts';
import type { Server, Service, ServiceKey } from '../model/model.ts';
import type { Arguments, ServerArguments, ServiceArguments } from './arguments.ts';
import { refusal } from './failure.ts';
import { freeName } from './service-names.ts';
import {
  keyOf,
  refuseAddress,
  refuseLinkLocal,
  refuseMethod,
  refuseOwn,
  refuseSnatOfOnePacket,
  refuseThresholds,
  serverOf,
  settingsOf,
} from './service-of.ts';

const isSame = (a: Pick<Server, 'address' | 'port'>, b: Pick<Server, 'address' | 'port'>): boolean =>
  a.address === b.address && a.port === b.port;

const isAt = ({ key }: Service, { address }: ServerArguments): boolean =>
  key.kind === 'address' && key.address === address;

/** What of a service ipvsadm has no word for, and so does not mean to change. */
const unspoken = (service: Service | undefined): Pick<Service, 'snat'> => (service?.snat ? { snat: true } : {});

export class Table {
  readonly #before: RouterState;
  readonly #own: ReadonlySet<string>;
  /** by the text of the key, as they were */
  readonly #earlier: ReadonlyMap<string, Service>;
  /** the same, in the order in which they were added */
  readonly #services: Map<string, Service>;
  readonly #names: Set<string>;
  /** services added since, by the text of the key */
  readonly #added = new Set<string>();
  #timeouts: RouterState['timeouts'];

  /** `own`: the router's addresses */
  constructor(state: RouterState, own: ReadonlySet<string>) {
    this.#before = state;
    this.#own = own;
    this.#earlier = new Map(state.services.map((service) => [serviceKeyText(service.key), service]));
    this.#services = new Map(this.#earlier);
    this.#names = new Set(state.services.map(({ name }) => name));
    this.#timeouts = state.timeouts;
  }

  /** Throws Failure when there is none. */
  service(key: ServiceKey, message = 'No such service'): Service {
    const service = this.#services.get(serviceKeyText(key));
    if (!service) throw refusal(message);
    return service;
  }

  addService(wanted: ServiceArguments): void {
    const key = keyOf(wanted);
    if (this.#services.has(serviceKeyText(key))) throw refusal('Service already exists');
    refuseLinkLocal(wanted);
    const settings = settingsOf(wanted);
    const before = this.#earlier.get(serviceKeyText(key));
    const name = before && !this.#names.has(before.name) ? before.name : freeName(key, this.#names);
    this.#names.add(name);
    this.#added.add(serviceKeyText(key));
    this.#put({ ...settings, ...unspoken(before), name, key, servers: [] });
  }

  /** Everything is as it says now, but for the name, the servers and what ipvsadm has no word for. */
  editService(wanted: ServiceArguments): void {
    const before = this.service(keyOf(wanted));
    const { name, key, servers } = before;
    this.#put({ ...settingsOf(wanted), ...unspoken(before), name, key, servers });
  }

  deleteService(wanted: ServiceArguments): void {
    const { key, name } = this.service(keyOf(wanted));
    this.#services.delete(serviceKeyText(key));
    this.#names.delete(name);
  }

  clear(): void {
    this.#services.clear();
    this.#names.clear();
  }

  addServer(wanted: ServiceArguments, server: ServerArguments): void {
    const service = this.#owner(wanted);
    refuseThresholds(server);
    if (service.servers.some((one) => isSame(one, server))) throw refusal('Destination already exists');
    refuseAddress(server);
    if (this.#own.has(server.address) || isAt(service, server)) refuseOwn(server);
    refuseMethod(server);
    this.#put({ ...service, servers: [...service.servers, serverOf(server)] });
  }

  editServer(wanted: ServiceArguments, server: ServerArguments): void {
    const service = this.#owner(wanted);
    refuseThresholds(server);
    refuseUnknown(service, server);
    refuseMethod(server);
    this.#put({ ...service, servers: service.servers.map((one) => (isSame(one, server) ? serverOf(server) : one)) });
  }

  deleteServer(wanted: ServiceArguments, server: ServerArguments): void {
    const service = this.#owner(wanted);
    refuseUnknown(service, server);
    this.#put({ ...service, servers: service.servers.filter((one) => !isSame(one, server)) });
  }

  /** 0 leaves a timeout as it is. */
  setTimeouts({ tcp, tcpfin, udp }: RouterState['timeouts']): void {
    const now = this.#timeouts;
    this.#timeouts = { tcp: tcp || now.tcp, tcpfin: tcpfin || now.tcpfin, udp: udp || now.udp };
  }

  /** One command's edit. */
  edit({ command, service, server, timeouts }: Arguments): void {
    if (command === 'add-service') this.addService(service);
    else if (command === 'edit-service') this.editService(service);
    else if (command === 'delete-service') this.deleteService(service);
    else if (command === 'flush') this.clear();
    else if (command === 'add-server') this.addServer(service, server);
    else if (command === 'edit-server') this.editServer(service, server);
    else if (command === 'delete-server') this.deleteServer(service, server);
    else if (command === 'set') this.setTimeouts(timeouts);
  }

  /** Services that were not there before, and those that were deleted first. */
  get added(): ServiceKey[] {
    return [...this.#services].flatMap(([text, { key }]) => (this.#added.has(text) ? [key] : []));
  }

  /** Whether there are servers at addresses that were nobody's before. */
  get hasNewServers(): boolean {
    const addresses = (services: Iterable<Service>) =>
      new Set([...services].flatMap(({ servers }) => servers.map(({ address }) => address)));
    const before = addresses(this.#before.services);
    return [...addresses(this.#services.values())].some((address) => !before.has(address));
  }

  /** What differs from the table as it was. */
  change(): RouterChange {
    return changeBetween(this.#before, {
      ...this.#before,
      services: [...this.#services.values()],
      timeouts: this.#timeouts,
    });
  }

  #owner(wanted: ServiceArguments): Service {
    return this.service(keyOf(wanted), 'Service not defined');
  }

  /** Throws Failure for what does not go together. */
  #put(service: Service): void {
    if (service.snat && service.onePacket) refuseSnatOfOnePacket(service);
    this.#services.set(serviceKeyText(service.key), service);
  }
}

function refuseUnknown({ servers }: Service, server: ServerArguments): void {
  if (!servers.some((one) => isSame(one, server))) throw refusal('No such destination');
}
