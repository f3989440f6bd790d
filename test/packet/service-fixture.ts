// SPDX-License-Identifier: MIT
// Puts services and servers into the data plane's maps, with scheduler tables as user space computes them.
import * as abi from '../../src/abi/index.ts';
import { flagsToAbi, protocolNumber } from '../../src/dataplane/abi-values.ts';
import { type ListeningService, listenersOf, planListeners } from '../../src/dataplane/listeners.ts';
import { mhTable } from '../../src/dataplane/mh-table.ts';
import { overloadRoundAfter } from '../../src/dataplane/overload.ts';
import { hashTable } from '../../src/dataplane/sh-table.ts';
import { wrrAfterAdding, wrrBounds } from '../../src/dataplane/wrr.ts';
import type { Scheduler, ServiceFlag } from '../../src/model/model.ts';
import { wideAddress as address, FAMILY, familyNumber, type IpFamily, prefixOf } from './family.ts';
import type { Tables } from './packet-object.ts';
import { type Endpoint, VIP } from './roles.ts';

export interface ServerSpec {
  /** Port 0 keeps the port the client used. */
  readonly at: Endpoint;
  /** Default 1. */
  readonly weight?: number;
  /** Thresholds; 0: none. */
  readonly upper?: number;
  readonly lower?: number;
}

export interface ServiceSpec {
  /** Default: the run's. */
  readonly family?: IpFamily;
  readonly protocol?: 'tcp' | 'udp' | 'sctp';
  /** Default: the VIP. Port 0 takes every port. */
  readonly at?: Endpoint;
  /** Makes it a mark service; `at` and `protocol` mean nothing then. */
  readonly mark?: number;
  readonly scheduler?: Scheduler;
  readonly persistence?: { readonly ticks: number; readonly prefix?: number };
  readonly flags?: readonly ServiceFlag[];
  readonly onePacket?: boolean;
  readonly snat?: boolean;
  /** In the order in which they are added: the last one is the first that schedulers look at. */
  readonly servers?: readonly (Endpoint | ServerSpec)[];
}

interface Slot {
  readonly spec: Required<ServerSpec>;
  /** Its last weight that was not 0. */
  readonly mhWeight: number;
  readonly slot: number;
}

export const NO_LOAD: abi.ServerLoad = { active: 0, inactive: 0, overloaded: 0, reserved: 0 };

const specOf = (server: Endpoint | ServerSpec): Required<ServerSpec> => ({
  weight: 1,
  upper: 0,
  lower: 0,
  ...('at' in server ? server : { at: server }),
});

/** Numbers that are given out one after the other; the tables they number are never emptied. */
export interface Numbers {
  service: number;
  server: number;
  member: number;
  /** By service id: all that are there. */
  readonly listening: Map<number, ListeningService>;
}

/** One service in the maps. Changing it replaces its members and entry, as user space does. */
export class ServiceFixture {
  readonly id: number;
  readonly #tables: Tables;
  readonly #spec: ServiceSpec;
  readonly #numbers: Numbers;
  readonly #family: IpFamily;
  #slots: Slot[];

  constructor(tables: Tables, numbers: Numbers, spec: ServiceSpec) {
    this.#tables = tables;
    this.#numbers = numbers;
    this.#family = spec.family ?? FAMILY;
    this.#spec = spec;
    this.id = numbers.service++;
    this.#slots = (spec.servers ?? []).map((server) => this.#place(specOf(server)));
    const weights = this.#list.map(({ weight }) => weight).reverse();
    tables.schedulerStates.set(this.id, { lastServer: 0, currentWeight: wrrAfterAdding(0, [], weights) });
    this.#write();
  }

  #place(spec: Required<ServerSpec>): Slot {
    const slot = this.#numbers.server++;
    this.#tables.serverLoads.set(slot, NO_LOAD);
    const none = { connections: 0n, incomingPackets: 0n, incomingBytes: 0n, outgoingPackets: 0n, outgoingBytes: 0n };
    this.#tables.serverCounters.fill(slot, none);
    const placed = { spec, slot, mhWeight: spec.weight };
    this.#writeServer(placed, abi.ServerStatus.LIVE);
    return placed;
  }

  #writeServer({ slot, spec, mhWeight }: Slot, status: number): void {
    const { at, weight, upper, lower } = spec;
    const before = this.#tables.servers.get(slot);
    const load = this.#tables.serverLoads.get(slot) ?? NO_LOAD;
    const thresholds = { upperThreshold: upper, lowerThreshold: lower };
    this.#tables.servers.set(slot, {
      address: address(at.address, this.#family),
      port: at.port,
      family: familyNumber(this.#family),
      status,
      service: this.id,
      weight,
      mhWeight,
      removedAt: 0,
      upperThreshold: upper,
      lowerThreshold: lower,
      overloadRound: before ? overloadRoundAfter({ slot, record: before, load }, thresholds) : 1,
    });
  }

  /** Members in IPVS's order: newest first. */
  get #list(): abi.Member[] {
    return this.#slots.map(({ slot, spec }) => ({ server: slot, weight: spec.weight })).reverse();
  }

  get #key(): abi.ServiceKey {
    const { mark, at = VIP, protocol = 'tcp' } = this.#spec;
    const family = familyNumber(this.#family);
    if (mark !== undefined) return { address: { word: [mark, 0, 0, 0] }, port: 0, protocol: 0, family };
    return {
      address: address(at.address, this.#family),
      port: at.port,
      protocol: protocolNumber(protocol),
      family,
    };
  }

  get #flags(): number {
    const thresholds = this.#slots.some(({ spec }) => spec.upper > 0) ? abi.ServiceFlag.THRESHOLDS : 0;
    const once = this.#spec.onePacket ? abi.ServiceFlag.ONE_PACKET : 0;
    const snat = this.#spec.snat ? abi.ServiceFlag.SNAT : 0;
    const flags = flagsToAbi(this.#spec.flags ?? []) | thresholds | once | snat;
    if (this.#spec.mark !== undefined) return flags | abi.ServiceFlag.MARK;
    return flags | (this.#spec.at?.port === 0 ? abi.ServiceFlag.ANY_PORT : 0);
  }

  #write(): void {
    const list = this.#list;
    const { step, top } = wrrBounds(list.map(({ weight }) => weight));
    const { scheduler = 'wlc', persistence } = this.#spec;
    const membersFirst = this.#numbers.member;
    this.#numbers.member += list.length;
    this.#tables.members.setMany(list.map((member, i) => [membersFirst + i, member] as const));
    const number = abi.Scheduler[scheduler.toUpperCase() as keyof typeof abi.Scheduler];
    const table = hashTable(number, list);
    if (table) this.#tables.hashTables.set(this.id, table);
    if (scheduler === 'mh') this.#writeMhTable(list);
    this.#tables.services.set(this.#key, {
      id: this.id,
      membersFirst,
      membersCount: list.length,
      scheduler: number,
      persistenceTicks: persistence?.ticks ?? 0,
      persistenceTimeout: 0,
      persistencePrefix: prefixOf(persistence?.prefix ?? 32, this.#family),
      wrrStep: step,
      wrrTop: top,
      flags: this.#flags,
      name: '',
    });
    this.#listen();
  }

  #listen(): void {
    const servers = this.#slots.map(({ slot, spec: { at } }) => ({
      slot,
      record: { address: address(at.address, this.#family), port: at.port },
    }));
    this.#numbers.listening.set(this.id, { key: this.#key, flags: this.#flags, servers });
    this.#writeListeners();
  }

  #writeListeners(): void {
    const { retract, establish } = planListeners(this.#tables, listenersOf(this.#numbers.listening.values()));
    retract();
    establish();
  }

  /** By the last weights that were not 0, so that a server that is quiesced keeps its slots. */
  #writeMhTable(list: readonly abi.Member[]): void {
    const slots = [...this.#slots].reverse();
    const table = mhTable(
      slots.map(({ spec: { at }, mhWeight }) => ({
        port: at.port,
        address: address(at.address, this.#family),
        weight: mhWeight,
      })),
    );
    this.#tables.mhTables.set(this.id, {
      servers: Array.from({ length: abi.LIMIT_MH_SLOTS }, (_, i) => list[table[i] ?? -1]?.server ?? 0),
    });
  }

  #find(server: Endpoint): Slot {
    const found = this.#slots.find(({ spec }) => spec.at.address === server.address && spec.at.port === server.port);
    if (!found) throw new Error(`no server ${server.address}:${server.port} in this service`);
    return found;
  }

  has(server: Endpoint): boolean {
    return this.#slots.some(({ spec }) => spec.at.address === server.address && spec.at.port === server.port);
  }

  slot(server: Endpoint): number {
    return this.#find(server).slot;
  }

  setWeight(server: Endpoint, weight: number): void {
    this.edit(server, { weight });
  }

  edit(server: Endpoint, changed: Omit<ServerSpec, 'at'>): void {
    const { slot, spec: before, mhWeight } = this.#find(server);
    const spec = { ...before, ...changed };
    const edited = { slot, spec, mhWeight: spec.weight || mhWeight };
    this.#slots = this.#slots.map((s) => (s.slot === slot ? edited : s));
    this.#writeServer(edited, abi.ServerStatus.LIVE);
    this.#write();
  }

  /** Takes a server out; its slot stays for the connections that refer to it. Returns what puts it back. */
  remove(server: Endpoint): () => void {
    const slot = this.#find(server);
    this.#slots = this.#slots.filter((s) => s !== slot);
    this.#writeServer(slot, abi.ServerStatus.REMOVED);
    this.#write();
    return () => {
      this.#slots = [...this.#slots, slot];
      this.#writeServer(slot, abi.ServerStatus.LIVE);
      this.#write();
    };
  }

  /** Takes the service away; its servers stay for the connections that refer to them. */
  delete(): void {
    this.#tables.services.delete(this.#key);
    this.#numbers.listening.delete(this.id);
    this.#writeListeners();
  }

  load(server: Endpoint): Pick<abi.ServerLoad, 'active' | 'inactive'> | undefined {
    const load = this.#tables.serverLoads.get(this.#find(server).slot);
    return load && { active: load.active, inactive: load.inactive };
  }

  counters(server: Endpoint): abi.ServerCounters | undefined {
    return this.#tables.serverCounters.sum(this.#find(server).slot);
  }
}
