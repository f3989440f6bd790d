// SPDX-License-Identifier: MIT
// The services as the maps hold them now: records, members, and what the model says of them.
import * as abi from '../abi/index.ts';
import type { Server, Service, ServiceKey } from '../model/model.ts';
import { addressFromAbi, flagsFromAbi, schedulerFromAbi } from './abi-values.ts';
import type { RouterMaps } from './pins.ts';
import { serviceKeyFromAbi } from './service-keys.ts';

export interface RunningService {
  readonly key: ServiceKey;
  readonly abiKey: abi.ServiceKey;
  readonly record: abi.Service;
  /** in IPVS's order, newest first */
  readonly members: readonly abi.Member[];
}

/** Lists with less room between them than this are read by one syscall: it costs as much as so many entries. */
const GAP = 64;

type Members = Pick<RouterMaps, 'members'>;

/** Every list by its first entry. */
function readLists(maps: Members, records: readonly abi.Service[]): ReadonlyMap<number, readonly abi.Member[]> {
  const lists = new Map<number, readonly abi.Member[]>();
  for (const run of runsOf(records.filter(({ membersCount }) => membersCount > 0))) {
    const [first, end] = [run[0]?.membersFirst ?? 0, endOf(run.at(-1))];
    const members = [...maps.members.slots(first, end - first)];
    for (const { membersFirst: at, membersCount } of run)
      lists.set(at, members.slice(at - first, at - first + membersCount));
  }
  return lists;
}

const endOf = (record: abi.Service | undefined): number => (record ? record.membersFirst + record.membersCount : 0);

/** Lists that stand close together, in the order of the map. */
function runsOf(records: abi.Service[]): abi.Service[][] {
  const runs: abi.Service[][] = [];
  for (const record of records.sort((a, b) => a.membersFirst - b.membersFirst)) {
    const run = runs.at(-1);
    if (run && record.membersFirst - endOf(run.at(-1)) < GAP) run.push(record);
    else runs.push([record]);
  }
  return runs;
}

export function readRunningServices(maps: Pick<RouterMaps, 'services' | 'members'>): RunningService[] {
  const entries = [...maps.services.entries()];
  const lists = readLists(
    maps,
    entries.map(([, record]) => record),
  );
  return entries.map(([abiKey, record]) => ({
    key: serviceKeyFromAbi(abiKey),
    abiKey,
    record,
    members: record.membersCount > 0 ? (lists.get(record.membersFirst) ?? []) : [],
  }));
}

function serverOf(member: abi.Member, servers: ReadonlyMap<number, abi.Server>): Server {
  const record = servers.get(member.server);
  if (!record) throw new RangeError(`member names server slot ${member.server}, which is free`);
  const { address, family, port } = record;
  return { address: addressFromAbi(address, family), port, weight: member.weight, ...thresholdsOf(record) };
}

/** The thresholds that a server has; 0 is none. */
export function thresholdsOf({
  upperThreshold,
  lowerThreshold,
}: abi.Server): Pick<Server, 'upperThreshold' | 'lowerThreshold'> {
  return { ...(upperThreshold && { upperThreshold }), ...(lowerThreshold && { lowerThreshold }) };
}

/** The model's words for a running service, without its servers. */
export function serviceHead({ record, key }: RunningService): Omit<Service, 'servers'> {
  const { persistenceTimeout: timeout, persistencePrefix: prefix } = record;
  const flags = flagsFromAbi(record.flags);
  return {
    name: record.name,
    key,
    scheduler: schedulerFromAbi(record.scheduler),
    ...(timeout > 0 && { persistence: { timeout, prefix } }),
    ...(flags.length > 0 && { flags }),
    ...(record.flags & abi.ServiceFlag.ONE_PACKET && { onePacket: true as const }),
    ...(record.flags & abi.ServiceFlag.SNAT && { snat: true as const }),
  };
}

/** The same with its servers, in the order in which they were added. */
export function serviceOf(running: RunningService, servers: ReadonlyMap<number, abi.Server>): Service {
  return { ...serviceHead(running), servers: running.members.map((member) => serverOf(member, servers)).reverse() };
}

export function sameMembers(a: readonly abi.Member[], b: readonly abi.Member[]): boolean {
  return a.length === b.length && a.every((m, i) => m.server === b[i]?.server && m.weight === b[i]?.weight);
}
