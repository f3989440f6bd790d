// SPDX-License-Identifier: MIT
// xlvs's own devices as the data plane knows them: by ifindex, with their MAC and MTU.
import * as abi from '../abi/index.ts';
import { parseMac } from '../net/mac.ts';
import type { RouterMaps } from './pins.ts';

export interface InterfaceRecord {
  readonly ifindex: number;
  readonly mac: string;
  readonly mtu: number;
  readonly role: 'public' | 'private';
}

const ROLES = { public: abi.Role.PUBLIC, private: abi.Role.PRIVATE } as const;

/** Makes the map hold exactly these; writes only what differs. Returns whether anything did. */
export function writeInterfaces(maps: Pick<RouterMaps, 'interfaces'>, wanted: readonly InterfaceRecord[]): boolean {
  let changed = false;
  for (const { ifindex, mac, mtu, role } of wanted) {
    const record = { mac: parseMac(mac) ?? new Uint8Array(6), mtu, role: ROLES[role] };
    const old = maps.interfaces.get(ifindex);
    if (old && old.mtu === mtu && old.role === record.role && Buffer.compare(old.mac, record.mac) === 0) continue;
    maps.interfaces.set(ifindex, record);
    changed = true;
  }
  const keep = new Set(wanted.map((record) => record.ifindex));
  for (const ifindex of [...maps.interfaces.keys()]) {
    if (keep.has(ifindex)) continue;
    maps.interfaces.delete(ifindex);
    changed = true;
  }
  return changed;
}
