// SPDX-License-Identifier: MIT
// VLAN tags in the model (IEEE 802.1Q, 802.1ad): a frame goes from its port to the device that its tags name, and everything else of
// the model sees it there without them, as a VLAN device hands it on. It leaves with those of the device it leaves by.
import type { Device } from './flow.ts';
import type { Expected } from './model.ts';

const TYPES = [0x8100, 0x88a8];
const IP_TYPES = [0x0800, 0x86dd];
/** Behind both addresses. */
const PLACE = 12;
const TAG = 4;
const MOST = 2;
/** With a priority, in no VLAN: what is sent so is the port's own. */
const PRIORITY = Uint8Array.of(0x81, 0, 0, 0);

const typeAt = (frame: Uint8Array, at: number): number => ((frame[at] as number) << 8) | (frame[at + 1] as number);

/** A frame as it is on a device, and the tags that it had on the wire. */
export interface Arrival {
  readonly frame: Uint8Array;
  readonly tags: Uint8Array;
  readonly port: number;
  readonly device: number;
}

/** However many there are. */
export function untagged(bytes: Uint8Array): Pick<Arrival, 'frame' | 'tags'> {
  let end = PLACE;
  while (TYPES.includes(typeAt(bytes, end))) end += TAG;
  if (end === PLACE) return { frame: bytes, tags: new Uint8Array(0) };
  const frame = new Uint8Array(PLACE + Math.max(0, bytes.length - end));
  frame.set(bytes.subarray(0, PLACE));
  frame.set(bytes.subarray(end), PLACE);
  return { frame, tags: bytes.slice(PLACE, end) };
}

export function tagged(frame: Uint8Array, tags: Uint8Array): Uint8Array {
  if (tags.length === 0) return frame;
  const bytes = new Uint8Array(frame.length + tags.length);
  bytes.set(frame.subarray(0, PLACE));
  bytes.set(tags, PLACE);
  bytes.set(frame.subarray(PLACE), PLACE + tags.length);
  return bytes;
}

/** Their types and VLANs alone: priority and drop eligibility do not tell a device. */
const namesOf = (tags: Uint8Array): Uint8Array => tags.map((byte, i) => (i % TAG === 2 ? byte & 0x0f : byte));

function deviceOf(tags: Uint8Array, port: number, devices: ReadonlyMap<number, Device>): number | undefined {
  if (tags.length === 0) return port;
  const names = namesOf(tags);
  for (const [ifindex, device] of devices) {
    const own = device.tags.length > 0 ? device.tags : PRIORITY;
    if (device.port === port && Buffer.compare(own, names) === 0) return ifindex;
  }
  return undefined;
}

/** The frame at its device, or why the kernel gets it untouched. */
export function arrive(bytes: Uint8Array, port: number, devices: ReadonlyMap<number, Device>): Arrival | string {
  const { frame, tags } = untagged(bytes);
  if (tags.length > 0 && bytes.length < PLACE + MOST * TAG + 2) return 'truncated';
  if (tags.length > MOST * TAG) return 'vlan';
  if (!IP_TYPES.includes(typeAt(frame, PLACE))) return 'not_ip';
  const device = deviceOf(tags, port, devices);
  return device === undefined ? 'vlan' : { frame, tags, port, device };
}

/** What becomes of it on the wire: what is passed and what is answered keep their tags, priorities and all. */
export function depart(expected: Expected, { tags, port }: Arrival, devices: ReadonlyMap<number, Device>): Expected {
  const { action, bytes, device } = expected;
  if (!bytes) return expected;
  if (action === 'passed') return { ...expected, bytes: tagged(bytes, tags) };
  const way = action === 'answered' ? { tags, port } : (devices.get(device as number) as Device);
  return { ...expected, device: way.port, bytes: tagged(bytes, way.tags) };
}
