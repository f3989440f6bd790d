// SPDX-License-Identifier: MIT
// The devices of the fuzz test's world: two ports, and VLAN devices on them with one tag or two, for either side on either port. As
// user space takes them, and as the model does.
import { type InterfaceRecord, type VlanRecord, writeInterfaces } from '../../../src/dataplane/interface-map.ts';
import { macBytes } from '../frame.ts';
import type { Device } from '../model/flow.ts';
import type { Random } from '../random.ts';
import { PRIVATE, PRIVATE_MAC, PUBLIC, PUBLIC_MAC } from '../roles.ts';
import { MTU, type Router } from '../router.ts';
import { putAddress } from '../snat-fixture.ts';
import { CUSTOMER, PROVIDER, type Tags } from '../vlan-fixture.ts';
import { addressIn, FAMILIES } from './inventory.ts';

export interface FuzzDevice extends InterfaceRecord {
  /** The router's address there. */
  readonly own: string;
}

type Side = FuzzDevice['role'];

const vlanDevice = (
  ifindex: number,
  role: Side,
  port: number,
  tags: Tags,
  [mac, mtu, own]: [string, number, string],
): FuzzDevice => {
  const vlan = { port, tags: tags.map(([ethertype, id]) => ({ ethertype, id })) };
  return { ifindex, role, mac, mtu, own, vlan };
};

const OTHER_PUBLIC_MAC = '02:00:00:00:01:fd';
const OTHER_PRIVATE_MAC = '02:00:00:00:02:fd';

/** Some tags differ from others in little: in the outer one's type, in the inner one, in the port. */
export const DEVICES: readonly FuzzDevice[] = [
  { ifindex: PUBLIC, role: 'public', mac: PUBLIC_MAC, mtu: MTU, own: '192.0.2.1' },
  { ifindex: PRIVATE, role: 'private', mac: PRIVATE_MAC, mtu: MTU, own: '10.0.0.254' },
  vlanDevice(21, 'public', PUBLIC, [[CUSTOMER, 100]], [PUBLIC_MAC, MTU, '192.0.2.2']),
  vlanDevice(22, 'private', PRIVATE, [[CUSTOMER, 200]], [PRIVATE_MAC, 1400, '10.0.0.253']),
  vlanDevice(23, 'public', PUBLIC, [[PROVIDER, 100], [CUSTOMER, 4092]], [OTHER_PUBLIC_MAC, 1496, '192.0.2.3']), // biome-ignore format: table
  vlanDevice(24, 'private', PRIVATE, [[PROVIDER, 7], [CUSTOMER, 7]], [OTHER_PRIVATE_MAC, MTU, '10.0.0.252']), // biome-ignore format: table
  vlanDevice(25, 'private', PUBLIC, [[CUSTOMER, 200]], [OTHER_PRIVATE_MAC, MTU, '10.0.0.251']),
  vlanDevice(26, 'public', PRIVATE, [[PROVIDER, 7]], [PUBLIC_MAC, MTU, '192.0.2.4']),
];

const tagBytes = ({ vlan }: FuzzDevice): Uint8Array =>
  Uint8Array.from((vlan?.tags ?? []).flatMap(({ ethertype: type, id }) => [type >> 8, type & 255, id >> 8, id & 255]));

/** As the model knows it. */
const modelDevice = (device: FuzzDevice): Device => ({
  mac: macBytes(device.mac),
  mtu: device.mtu,
  isPrivate: device.role === 'private',
  address: { 4: addressIn(4, device.own), 6: addressIn(6, device.own) },
  port: device.vlan?.port ?? device.ifindex,
  tags: tagBytes(device),
});

/** The devices of the router and of the model, the same. */
export class Devices {
  readonly #router: Router;
  readonly #model: Map<number, Device>;
  #devices = DEVICES;

  constructor(router: Router, model: Map<number, Device>) {
    this.#router = router;
    this.#model = model;
    for (const { ifindex, own } of DEVICES)
      for (const family of FAMILIES) putAddress(router, own, '0.0.0.0', 0, ifindex, family);
    this.#write();
  }

  #write(): void {
    const { interfaces, vlans, vlanDevices } = this.#router.tables;
    writeInterfaces({ interfaces, vlans, vlan_devices: vlanDevices }, this.#devices);
    for (const device of this.#devices) this.#model.set(device.ifindex, modelDevice(device));
  }

  /** A VLAN device has another number from now on, that next to its own, in one of its tags. */
  renumber(r: Random): void {
    const which = r.pick(this.#devices.filter(({ vlan }) => vlan));
    const { port, tags } = which.vlan as VlanRecord;
    const place = r.below(tags.length);
    const other = tags.map(({ ethertype, id }, i) => ({ ethertype, id: i === place ? id ^ 1 : id }));
    this.#devices = this.#devices.map((one) => (one === which ? { ...one, vlan: { port, tags: other } } : one));
    this.#write();
  }
}
