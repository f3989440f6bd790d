// SPDX-License-Identifier: MIT
// Where the fuzz test's frames come in: at which port, with which VLAN tags, for which of the router's MACs. One in six has tags:
// those of a device, of one that is a little else, of the port itself, or more of them than anybody carries.
import type { Device } from '../model/flow.ts';
import type { Random } from '../random.ts';
import { PRIVATE, PUBLIC } from '../roles.ts';

export interface Way {
  readonly port: number;
  readonly tags: Uint8Array;
  /** Of the device that it was sent to. */
  readonly mac: Uint8Array;
}

type Tag = readonly [number, number, number, number];
/** With a tag that is to be added. */
type Change = (r: Random, tags: readonly Tag[], other: Tag) => readonly Tag[];

/** Two that are carried, two older ones that are not. */
const TYPES = [[0x81, 0x00], [0x88, 0xa8], [0x91, 0x00], [0x92, 0x00]] as const; // biome-ignore format: table

const tagsOf = ({ tags }: Device): Tag[] =>
  tags.length === 0 ? [] : [0, 4].slice(0, tags.length / 4).map((at) => [...tags.slice(at, at + 4)] as unknown as Tag);

/** A device's, or one without a VLAN. */
function someTag(r: Random, device: Device): Tag {
  const tags = tagsOf(device);
  return tags.length === 0 || r.oneIn(3) ? [...r.pick(TYPES), 0, 0] : r.pick(tags);
}

const changed =
  (change: (r: Random, tag: Tag) => Tag): Change =>
  (r, tags) => {
    const which = r.below(tags.length || 1);
    return tags.map((tag, i) => (i === which ? change(r, tag) : tag));
  };

const CHANGES: readonly Change[] = [
  (_, tags, other) => [other, ...tags],
  (_, tags, other) => [...tags, other],
  (_, tags, other) => [other, ...tags, other],
  (_, tags) => tags.slice(1),
  (_, tags) => tags.slice(0, 1),
  (_, tags) => [...tags].reverse(),
  changed((r, [, , high, low]) => [...r.pick(TYPES), high, low]),
  changed((r, [first, second, high, low]) => [first, second, high ^ (r.oneIn(3) ? 1 << r.below(4) : 0), low ^ (1 << r.below(8))]), // biome-ignore format: table
];

/** Priority and drop eligibility, which mean nothing to the router. */
const withPriority = (r: Random, [first, second, high, low]: Tag): Tag => [
  first,
  second,
  high | (r.below(16) << 4),
  low,
];

function someTags(r: Random, device: Device, other: Device): readonly Tag[] {
  let tags: readonly Tag[] = tagsOf(device);
  if (tags.length === 0) tags = [[0x81, 0, 0, 0]];
  if (r.oneIn(5)) tags = r.pick(CHANGES)(r, tags, someTag(r, other));
  return r.oneIn(2) ? tags.map((tag) => withPriority(r, tag)) : tags;
}

/** To a device of this side, mostly: the port without tags, or any of them. */
export function someWay(r: Random, isPrivate: boolean, devices: ReadonlyMap<number, Device>): Way {
  const port = isPrivate ? PRIVATE : PUBLIC;
  if (!r.oneIn(6)) return { port, tags: new Uint8Array(0), mac: (devices.get(port) as Device).mac };
  const all = [...devices.values()];
  const isAstray = r.oneIn(20);
  const device = r.pick(all.filter((own) => isAstray || own.isPrivate === isPrivate));
  const tags = Uint8Array.from(someTags(r, device, r.pick(all)).flat());
  return { port: r.oneIn(30) ? port : device.port, tags, mac: device.mac };
}
