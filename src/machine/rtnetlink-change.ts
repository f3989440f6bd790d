// SPDX-License-Identifier: MIT
// What a notice of the kernel's (rtnetlink(7)) means for next hops that were looked up before it.
import { endianness } from 'node:os';

/** What kind of thing changed. */
export type MachineChange = 'route' | 'neighbour' | 'link' | 'address';

export interface RtnetlinkMessage {
  /** `RTM_*` */
  readonly type: number;
  /** what follows the message's header, host byte order */
  readonly payload: Uint8Array;
}

const RTM_NEWNEIGH = 28;
const RTM_DELNEIGH = 29;

/** New, deleted; a rule or a nexthop object changes routes. */
const CHANGES: ReadonlyMap<number, MachineChange> = new Map([
  [16, 'link'],
  [17, 'link'],
  [20, 'address'],
  [21, 'address'],
  [24, 'route'],
  [25, 'route'],
  [32, 'route'],
  [33, 'route'],
  [104, 'route'],
  [105, 'route'],
]);

/** struct ndmsg: family, padding, ifindex at 4, state, flags and type; attributes follow. */
const NDMSG_BYTES = 12;
const NDMSG_IFINDEX = 4;
const ATTRIBUTE_HEADER_BYTES = 4;
const NDA_DST = 1;
const NDA_LLADDR = 2;

const isLittleEndian = endianness() === 'LE';

/**
 * Tells changes from repetitions: a neighbour is announced at every probe, though its MAC hardly ever changes, and every
 * change makes each connection look its next hop up again.
 */
export class RtnetlinkChanges {
  /** by ifindex and address; an unresolved neighbour has an empty MAC */
  readonly #macs = new Map<string, string>();

  /** `undefined`: nothing that matters has changed. */
  of({ type, payload }: RtnetlinkMessage): MachineChange | undefined {
    if (type !== RTM_NEWNEIGH && type !== RTM_DELNEIGH) return CHANGES.get(type);
    return this.#hasMoved(type, payload) ? 'neighbour' : undefined;
  }

  /** Forgets what was heard, for when some of it was lost. */
  clear(): void {
    this.#macs.clear();
  }

  #hasMoved(type: number, payload: Uint8Array): boolean {
    const neighbour = neighbourIn(payload);
    if (!neighbour) return false;
    if (type === RTM_DELNEIGH) return this.#macs.delete(neighbour.key);
    if (this.#macs.get(neighbour.key) === neighbour.mac) return false;
    this.#macs.set(neighbour.key, neighbour.mac);
    return true;
  }
}

function neighbourIn(payload: Uint8Array): { key: string; mac: string } | undefined {
  if (payload.length < NDMSG_BYTES) return undefined;
  const view = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const ifindex = isLittleEndian ? view.readInt32LE(NDMSG_IFINDEX) : view.readInt32BE(NDMSG_IFINDEX);
  const attributes = attributesIn(view.subarray(NDMSG_BYTES));
  const address = attributes.get(NDA_DST);
  if (address === undefined) return undefined;
  return { key: `${ifindex} ${address}`, mac: attributes.get(NDA_LLADDR) ?? '' };
}

/** struct rtattr: length with its header, type, value, padding to 4 bytes. Values in hexadecimal. */
function attributesIn(bytes: Buffer): ReadonlyMap<number, string> {
  const attributes = new Map<number, string>();
  let at = 0;
  while (at + ATTRIBUTE_HEADER_BYTES <= bytes.length) {
    const length = isLittleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
    const type = isLittleEndian ? bytes.readUInt16LE(at + 2) : bytes.readUInt16BE(at + 2);
    if (length < ATTRIBUTE_HEADER_BYTES || at + length > bytes.length) break;
    attributes.set(type, bytes.toString('hex', at + ATTRIBUTE_HEADER_BYTES, at + length));
    at += (length + 3) & ~3;
  }
  return attributes;
}
