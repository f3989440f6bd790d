// SPDX-License-Identifier: MIT
// Frames with VLAN tags, and a router whose devices are VLAN devices of two ports.
import * as abi from '../../src/abi/index.ts';
import { macBytes } from './frame.ts';
import { CLIENT, PRIVATE, PRIVATE_MAC, PUBLIC, PUBLIC_MAC, SERVER_1, toServer } from './roles.ts';
import { MTU, type Router } from './router.ts';

/** From the outside in, as [ethertype, VLAN]. */
export type Tags = readonly (readonly [number, number])[];

export const CUSTOMER = 0x8100;
export const PROVIDER = 0x88a8;

const MACS = 12;
const word = ([type, id]: readonly [number, number]): number => ((type << 16) | id) >>> 0;

/** A frame with these tags; their priority bits are 0 unless `id` has them. */
export function tagged(frame: Uint8Array, tags: Tags): Uint8Array {
  const bytes = tags.flatMap(([type, id]) => [type >> 8, type & 255, id >> 8, id & 255]);
  return Uint8Array.from([...frame.subarray(0, MACS), ...bytes, ...frame.subarray(MACS)]);
}

/** Makes a VLAN device with these tags on a port of the router; without any, the port itself stays what it was. */
export function addVlanDevice(router: Router, device: { ifindex: number; slot: number; port: number }, tags: Tags) {
  const { interfaces, vlans, vlanDevices } = router.tables;
  const words = [0, 1].map((i) => (tags[i] ? word(tags[i] as [number, number]) : 0));
  const isPublic = device.ifindex === PUBLIC_VLAN;
  const mac = macBytes(isPublic ? PUBLIC_MAC : PRIVATE_MAC);
  const role = isPublic ? abi.Role.PUBLIC : abi.Role.PRIVATE;
  interfaces.set(device.ifindex, { mac, mtu: MTU, role, vlan: device.slot });
  vlans.set(device.slot, { port: device.port, tags: words });
  vlanDevices.set({ port: device.port, tags: words }, device.ifindex);
}

export const PUBLIC_VLAN = 21;
export const PRIVATE_VLAN = 22;

/** Both sides with their tags; a side without any is the port. Returns the devices that routes lead to. */
export function addSides(router: Router, outside: Tags, inside: Tags, privatePort = PRIVATE) {
  const { vlanDevices } = router.tables;
  vlanDevices.clear();
  const [client, server] = [outside.length ? PUBLIC_VLAN : PUBLIC, inside.length ? PRIVATE_VLAN : privatePort];
  if (outside.length) addVlanDevice(router, { ifindex: client, slot: 1, port: PUBLIC }, outside);
  if (inside.length) addVlanDevice(router, { ifindex: server, slot: 2, port: privatePort }, inside);
  router.route(CLIENT, { device: client });
  router.route(SERVER_1, { device: server, hop: toServer(SERVER_1) });
  return { client, server };
}
