// SPDX-License-Identifier: MIT
// Which slot of the servers map each server has, and which slots are free. A removed server keeps its slot while
// connections refer to it, and gets it back with its counters if it is added to the same service again.
import * as abi from '../abi/index.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { addressFromAbi, ticksSince } from './abi-values.ts';
import type { RouterMaps } from './pins.ts';
import { readLoads, readServers } from './server-records.ts';

/** A removed server's slot serves no other before this many ticks (2 s): a packet may still be choosing it. */
export const SETTLE_TICKS = 30;

export interface Slot {
  readonly slot: number;
  readonly record: abi.Server;
  readonly load: abi.ServerLoad;
}

const identity = (service: number, address: string, port: number): string => `${service} ${address} ${port}`;

const identityOf = ({ record: { service, address, port, family } }: Slot): string =>
  identity(service, addressFromAbi(address, family), port);

export function isRemovable(slot: Slot): boolean {
  return (
    slot.record.status === abi.ServerStatus.REMOVED &&
    slot.load.active === 0 &&
    slot.load.inactive === 0 &&
    ticksSince(slot.record.removedAt) > SETTLE_TICKS
  );
}

/** A picture of the slots at one moment, under the router's lock; allocations are made in it first. */
export class SlotTable {
  readonly slots: readonly Slot[];
  private readonly byIdentity = new Map<string, Slot>();
  private readonly taken = new Set<number>();
  private readonly reclaimable: Slot[];
  private next = 1;

  private constructor(slots: readonly Slot[]) {
    this.slots = slots;
    this.reclaimable = slots.filter(isRemovable);
    for (const slot of slots) {
      this.taken.add(slot.slot);
      this.byIdentity.set(identityOf(slot), slot);
    }
  }

  static read(maps: Pick<RouterMaps, 'servers' | 'server_loads'>): SlotTable {
    const servers = readServers(maps);
    const loads = readLoads(maps, servers.keys());
    return new SlotTable(
      [...servers].map(([slot, record]) => ({ slot, record, load: loads.get(slot) as abi.ServerLoad })),
    );
  }

  find(service: number, address: string, port: number): Slot | undefined {
    return this.byIdentity.get(identity(service, address, port));
  }

  ofService(service: number): Slot[] {
    return this.slots.filter((slot) => slot.record.service === service);
  }

  /** A slot nobody refers to; `freed` is what stood in it. Throws XlvsError when all are in use. */
  take(): { slot: number; freed: Slot | undefined } {
    while (this.next < abi.LIMIT_SERVERS && this.taken.has(this.next)) this.next++;
    if (this.next < abi.LIMIT_SERVERS) {
      this.taken.add(this.next);
      return { slot: this.next, freed: undefined };
    }
    const freed = this.reclaimable.pop();
    if (freed) {
      // its own server, should it come back, has lost it
      this.byIdentity.delete(identityOf(freed));
      return { slot: freed.slot, freed };
    }
    throw new XlvsError('full', `all ${abi.LIMIT_SERVERS - 1} server slots are in use`, 'remove servers first');
  }

  /** A slot that is revived by its own server must not be given to another. */
  keep(slot: Slot): void {
    const at = this.reclaimable.indexOf(slot);
    if (at >= 0) this.reclaimable.splice(at, 1);
  }
}
