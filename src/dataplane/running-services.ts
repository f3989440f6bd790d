// SPDX-License-Identifier: MIT
// The services as the maps hold them now: records, members, and what the model says of them.
import * as abi from '../abi/index.ts';
import type { Server, Service, ServiceKey } from '../model/model.ts';
import { addressFromAbi, flagsFromAbi, schedulerFromAbi } from './abi-values.ts';
import type { RouterMaps } from './pins.ts';
import { FEW } from './server-records.ts';
import { serviceKeyFromAbi } from './service-keys.ts';

export interface RunningService {
  readonly key: ServiceKey;
  readonly abiKey: abi.ServiceKey;
  readonly record: abi.Service;
  /** in IPVS's order, newest first */
  readonly members: readonly abi.Member[];
}

const MEMBER_BYTES = abi.memberCodec.size;
const BATCH = 65536;

type Members = Pick<RouterMaps, 'members'>;

/** All of the members map at once: where lists are long or many, a syscall for each entry would cost more. */
function readAllMembers(maps: Members): (at: number) => abi.Member {
  const batches: DataView[] = [];
  for (const batch of maps.members.rawBatches(BATCH)) batches.push(batch.values);
  return (at) => abi.memberCodec.decode(batches[Math.floor(at / BATCH)] as DataView, (at % BATCH) * MEMBER_BYTES);
}

export function readRunningServices(maps: Pick<RouterMaps, 'services' | 'members'>): RunningService[] {
  const entries = [...maps.services.entries()];
  if (entries.length === 0) return [];
  const total = entries.reduce((sum, [, { membersCount }]) => sum + membersCount, 0);
  const memberAt = total > FEW ? readAllMembers(maps) : (at: number) => maps.members.get(at) as abi.Member;
  return entries.map(([abiKey, record]) => ({
    key: serviceKeyFromAbi(abiKey),
    abiKey,
    record,
    members: Array.from({ length: record.membersCount }, (_, i) => memberAt(record.membersFirst + i)),
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
