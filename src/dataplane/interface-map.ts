// SPDX-License-Identifier: MIT
// xlvs's own devices as the data plane knows them: by ifindex, with their MAC and MTU, and VLAN devices by what is below them.
import * as abi from '../abi/index.ts';
import { parseMac } from '../net/mac.ts';
import type { RouterMaps } from './pins.ts';

/** What a VLAN device stands on. */
export interface VlanRecord {
  /** ifindex */
  readonly port: number;
  /** one or two, from the outside in */
  readonly tags: readonly { readonly ethertype: number; readonly id: number }[];
}

export interface InterfaceRecord {
  readonly ifindex: number;
  readonly mac: string;
  readonly mtu: number;
  readonly role: 'public' | 'private';
  readonly vlan?: VlanRecord | undefined;
}

const ROLES = { public: abi.Role.PUBLIC, private: abi.Role.PRIVATE } as const;

/** A tag with a priority and no VLAN: its frame is the port's. */
const PRIORITY_TAG: VlanRecord['tags'][number] = { ethertype: 0x8100, id: 0 };

type Maps = Pick<RouterMaps, 'interfaces' | 'vlans' | 'vlan_devices'>;

/** By ifindex. */
export interface InterfaceChanges {
  readonly written: readonly number[];
  readonly deleted: readonly number[];
}

/** The VLAN of a tag as it stands in the maps. */
export const vlanOfTag = (tag: number): number => tag & 0xfff;

function tagWords(tags: VlanRecord['tags']): number[] {
  const words = tags.map(({ ethertype, id }) => ((ethertype << 16) | id) >>> 0);
  return [words[0] ?? 0, words[1] ?? 0];
}

const sameVlan = (a: abi.Vlan | undefined, b: abi.Vlan): boolean =>
  a?.port === b.port && a.tags.every((tag, i) => tag === b.tags[i]);

/** Makes the maps hold exactly these; writes only what differs. */
export function writeInterfaces(maps: Maps, wanted: readonly InterfaceRecord[]): InterfaceChanges {
  const { interfaces } = maps;
  const slots = new VlanSlots(maps);
  const written: number[] = [];
  for (const { ifindex, mac, mtu, role, vlan } of wanted) {
    const slot = vlan ? slots.take(ifindex, { port: vlan.port, tags: tagWords(vlan.tags) }) : 0;
    const record = { mac: parseMac(mac) ?? new Uint8Array(6), mtu, role: ROLES[role], vlan: slot };
    const old = interfaces.get(ifindex);
    if (old && sameRecord(old, record)) continue;
    interfaces.set(ifindex, record);
    written.push(ifindex);
  }
  writeVlanDevices(maps, wanted);
  const keep = new Set(wanted.map((record) => record.ifindex));
  const deleted = [...interfaces.keys()].filter((ifindex) => !keep.has(ifindex));
  for (const ifindex of deleted) interfaces.delete(ifindex);
  return { written, deleted };
}

function sameRecord(a: abi.Interface, b: abi.Interface): boolean {
  return a.mtu === b.mtu && a.role === b.role && a.vlan === b.vlan && Buffer.compare(a.mac, b.mac) === 0;
}

/**
 * Slots of VLAN devices. Connections go by a slot until they hear that something changed, so one that anybody may still go by
 * is not given to another device while there are others.
 */
class VlanSlots {
  readonly #maps: Maps;
  readonly #taken: Set<number>;

  constructor(maps: Maps) {
    this.#maps = maps;
    this.#taken = new Set([...maps.interfaces.keys()].map((ifindex) => maps.interfaces.get(ifindex)?.vlan ?? 0));
    this.#taken.add(0);
  }

  take(ifindex: number, vlan: abi.Vlan): number {
    const { interfaces, vlans } = this.#maps;
    const own = interfaces.get(ifindex)?.vlan ?? 0;
    if (own !== 0 && sameVlan(vlans.get(own), vlan)) return own;
    const slot = this.#free();
    this.#taken.add(slot);
    vlans.set(slot, vlan);
    return slot;
  }

  #free(): number {
    for (let slot = 1; slot < abi.LIMIT_VLANS; slot++) if (!this.#taken.has(slot)) return slot;
    throw new RangeError(`more than ${abi.LIMIT_VLANS - 1} VLAN devices at the same time`);
  }
}

/** Which device a tagged frame belongs to. */
function writeVlanDevices({ vlan_devices: devices }: Maps, wanted: readonly InterfaceRecord[]): void {
  const all = wanted.map(({ ifindex, vlan = { port: ifindex, tags: [PRIORITY_TAG] } }) => {
    return [{ port: vlan.port, tags: tagWords(vlan.tags) }, ifindex] as const;
  });
  for (const [key, ifindex] of all) if (devices.get(key) !== ifindex) devices.set(key, ifindex);
  for (const key of [...devices.keys()]) if (!all.some(([one]) => sameVlan(key, one))) devices.delete(key);
}
