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

/** By ifindex. */
export interface InterfaceChanges {
  readonly written: readonly number[];
  readonly deleted: readonly number[];
}

/** Makes the map hold exactly these; writes only what differs. */
export function writeInterfaces(
  { interfaces }: Pick<RouterMaps, 'interfaces'>,
  wanted: readonly InterfaceRecord[],
): InterfaceChanges {
  const written: number[] = [];
  for (const { ifindex, mac, mtu, role } of wanted) {
    const record = { mac: parseMac(mac) ?? new Uint8Array(6), mtu, role: ROLES[role] };
    const old = interfaces.get(ifindex);
    if (old && old.mtu === mtu && old.role === record.role && Buffer.compare(old.mac, record.mac) === 0) continue;
    interfaces.set(ifindex, record);
    written.push(ifindex);
  }
  const keep = new Set(wanted.map((record) => record.ifindex));
  const deleted = [...interfaces.keys()].filter((ifindex) => !keep.has(ifindex));
  for (const ifindex of deleted) interfaces.delete(ifindex);
  return { written, deleted };
}
