// SPDX-License-Identifier: MIT
// One transaction on services, worked out in memory before a byte is written: ids, slots, lists, tables, scheduler
// states. Whatever does not fit throws here, and nothing has changed.
import * as abi from '../abi/index.ts';
import type { Server, Service, ServiceKey } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { addressToAbi, familyNumberOf, flagsToAbi, schedulerToAbi, ticksOf } from './abi-values.ts';
import { type ListenerEntry, type ListeningService, listenersOf } from './listeners.ts';
import { MemberBlocks } from './member-blocks.ts';
import { mhTable } from './mh-table.ts';
import { overloadRoundAfter, overloadRoundBehind } from './overload.ts';
import type { Registry } from './registry.ts';
import { type RunningService, sameMembers } from './running-services.ts';
import { schedulerStateAfter } from './scheduler-state.ts';
import { serviceKeyText, serviceKeyToAbi } from './service-keys.ts';
import { hasHashTable, hashTable } from './sh-table.ts';
import type { Slot, SlotTable } from './slot-table.ts';
import { wrrBounds } from './wrr.ts';

/** What is to be written, by map. */
export interface ServiceWrites {
  readonly servers: [number, abi.Server][];
  /** slots whose counters belong to somebody else from now on */
  readonly freed: Slot[];
  readonly members: [number, abi.Member][];
  readonly hashTables: [number, abi.HashTable][];
  readonly mhTables: [number, abi.MhTable][];
  readonly states: [number, abi.SchedulerState][];
  readonly services: [abi.ServiceKey, abi.Service][];
  readonly deletedServices: abi.ServiceKey[];
  readonly deletedTables: number[];
  readonly deletedMhTables: number[];
  /** written after the services, with the time then: no list names these any more */
  readonly removedServers: [number, abi.Server][];
}

/** The same, and the listeners of all services as they will be. */
export interface FinishedWrites extends ServiceWrites {
  readonly listeners: Map<string, ListenerEntry>;
}

interface PlacedServer {
  readonly slot: number;
  readonly record: abi.Server;
}

export class ServicePlan {
  readonly writes: ServiceWrites = {
    servers: [],
    freed: [],
    members: [],
    hashTables: [],
    mhTables: [],
    states: [],
    services: [],
    deletedServices: [],
    deletedTables: [],
    deletedMhTables: [],
    removedServers: [],
  };
  private readonly running: Map<string, RunningService>;
  /** those put or removed */
  private readonly touched = new Map<string, ListeningService | undefined>();
  private readonly slots: SlotTable;
  private readonly registry: Registry;
  private readonly blocks: MemberBlocks;
  private readonly lastState: (id: number) => abi.SchedulerState;

  /** `lastState` reads where a service's scheduler stands now. */
  constructor(
    running: readonly RunningService[],
    slots: SlotTable,
    registry: Registry,
    lastState: (id: number) => abi.SchedulerState,
  ) {
    this.lastState = lastState;
    this.running = new Map(running.map((service) => [serviceKeyText(service.key), service]));
    this.slots = slots;
    this.registry = registry;
    const used = running.map(({ record }) => ({ first: record.membersFirst, count: record.membersCount }));
    this.blocks = new MemberBlocks(used, registry.memberCursor);
  }

  put(service: Service): void {
    const text = serviceKeyText(service.key);
    const id = this.registry.idOf(text);
    const before = this.running.get(text);
    const placed = [...service.servers].reverse().map((server) => this.slotFor(id, server));
    const members = placed.map(({ slot, record: { weight } }) => ({ server: slot, weight }));
    this.removeUnlisted(id, members);
    const abiKey = serviceKeyToAbi(service.key);
    this.touched.set(text, { key: abiKey, flags: flagsOf(service), servers: placed });
    const record = this.recordOf(service, id, members, before);
    if (before && sameRecord(before.record, record)) return;
    this.writes.services.push([abiKey, record]);
    this.putTables(record, placed, before);
    const state = schedulerStateAfter(before, record.scheduler, members, this.lastState(id));
    if (state) this.writes.states.push([id, state]);
  }

  remove(key: ServiceKey): void {
    const before = this.running.get(serviceKeyText(key));
    if (!before) throw new XlvsError('missing', `no service ${serviceKeyText(key)}`, 'see: xlvs services');
    this.touched.set(serviceKeyText(key), undefined);
    this.writes.deletedServices.push(before.abiKey);
    this.deleteTables(before.record);
    this.removeUnlisted(before.record.id, []);
  }

  /** Call when every put and remove is in. */
  finish(): FinishedWrites {
    this.registry.memberCursor = this.blocks.cursor;
    return { ...this.writes, listeners: listenersOf(this.listening()) };
  }

  private *listening(): Generator<ListeningService> {
    const records = new Map(this.slots.slots.map(({ slot, record }) => [slot, record]));
    for (const [text, { abiKey, record, members }] of this.running) {
      if (this.touched.has(text)) continue;
      const servers = members.map(({ server }) => ({ slot: server, record: records.get(server) as abi.Server }));
      yield { key: abiKey, flags: record.flags, servers };
    }
    for (const service of this.touched.values()) if (service) yield service;
  }

  private putTables(record: abi.Service, placed: readonly PlacedServer[], before: RunningService | undefined): void {
    const members = placed.map(({ slot, record: { weight } }) => ({ server: slot, weight }));
    const table = hashTable(record.scheduler, members);
    if (before && before.record.scheduler !== record.scheduler && tableKind(before.record) !== tableKind(record))
      this.deleteTables(before.record);
    if (table) this.writes.hashTables.push([record.id, table]);
    if (record.scheduler === abi.Scheduler.MH) this.writes.mhTables.push([record.id, mhTableOf(placed)]);
  }

  private deleteTables({ scheduler, id }: abi.Service): void {
    if (hasHashTable(scheduler)) this.writes.deletedTables.push(id);
    if (scheduler === abi.Scheduler.MH) this.writes.deletedMhTables.push(id);
  }

  /** The server's own slot, alive or removed, or a free one. */
  private slotFor(service: number, server: Server): PlacedServer {
    const own = this.slots.find(service, server.address, server.port);
    const { slot, freed } = own ? { slot: own.slot, freed: undefined } : this.slots.take();
    const record: abi.Server = {
      address: addressToAbi(server.address),
      port: server.port,
      family: familyNumberOf(server.address),
      status: abi.ServerStatus.LIVE,
      service,
      weight: server.weight,
      mhWeight: server.weight || (own?.record.mhWeight ?? 0),
      removedAt: 0,
      upperThreshold: server.upperThreshold ?? 0,
      lowerThreshold: server.lowerThreshold ?? 0,
      overloadRound: own ? overloadRoundAfter(own, server) : overloadRoundBehind(freed),
    };
    if (own) this.slots.keep(own);
    if (freed) this.writes.freed.push(freed);
    if (!own || !isSameServer(own.record, record)) this.writes.servers.push([slot, record]);
    return { slot, record };
  }

  private removeUnlisted(service: number, members: readonly abi.Member[]): void {
    const listed = new Set(members.map((member) => member.server));
    for (const { slot, record } of this.slots.ofService(service)) {
      if (record.status !== abi.ServerStatus.LIVE || listed.has(slot)) continue;
      this.writes.removedServers.push([slot, { ...record, status: abi.ServerStatus.REMOVED }]);
    }
  }

  private recordOf(
    service: Service,
    id: number,
    members: readonly abi.Member[],
    before: RunningService | undefined,
  ): abi.Service {
    const weights = wrrBounds(members.map((member) => member.weight));
    const block = before && sameMembers(before.members, members) ? blockOf(before.record) : this.newBlock(members);
    return {
      id,
      ...block,
      scheduler: schedulerToAbi(service.scheduler),
      persistenceTicks: service.persistence ? ticksOf(service.persistence.timeout) : 0,
      persistenceTimeout: service.persistence?.timeout ?? 0,
      persistencePrefix: service.persistence?.prefix ?? 0,
      wrrStep: weights.step,
      wrrTop: weights.top,
      flags: flagsOf(service),
      name: service.name,
    };
  }

  private newBlock(members: readonly abi.Member[]): Pick<abi.Service, 'membersFirst' | 'membersCount'> {
    const block = this.blocks.take(members.length);
    members.forEach((member, i) => {
      this.writes.members.push([block.first + i, member]);
    });
    return { membersFirst: block.first, membersCount: block.count };
  }
}

function blockOf(record: abi.Service): Pick<abi.Service, 'membersFirst' | 'membersCount'> {
  return { membersFirst: record.membersFirst, membersCount: record.membersCount };
}

function flagsOf({ key, flags, onePacket, snat, servers }: Service): number {
  const thresholds = servers.some((server) => server.upperThreshold) ? abi.ServiceFlag.THRESHOLDS : 0;
  const once = onePacket ? abi.ServiceFlag.ONE_PACKET : 0;
  return kindFlag(key) | thresholds | once | (snat ? abi.ServiceFlag.SNAT : 0) | flagsToAbi(flags ?? []);
}

function kindFlag(key: ServiceKey): number {
  if (key.kind === 'mark') return abi.ServiceFlag.MARK;
  return key.port === 0 ? abi.ServiceFlag.ANY_PORT : 0;
}

/** What the operator may change; the rest of a record follows from it. */
const SERVER_FIELDS = ['status', 'weight', 'upperThreshold', 'lowerThreshold', 'overloadRound'] as const;

const isSameServer = (a: abi.Server, b: abi.Server): boolean => SERVER_FIELDS.every((field) => a[field] === b[field]);

const tableKind = ({ scheduler }: abi.Service): string =>
  scheduler === abi.Scheduler.MH ? 'mh' : hasHashTable(scheduler) ? 'hash' : '';

function mhTableOf(placed: readonly PlacedServer[]): abi.MhTable {
  const table = mhTable(placed.map(({ record: { address, port, mhWeight } }) => ({ address, port, weight: mhWeight })));
  return { servers: Array.from({ length: abi.LIMIT_MH_SLOTS }, (_, i) => placed[table[i] ?? -1]?.slot ?? 0) };
}

function sameRecord(a: abi.Service, b: abi.Service): boolean {
  return (Object.keys(b) as (keyof abi.Service)[]).every((field) => a[field] === b[field]);
}
