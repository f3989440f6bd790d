// SPDX-License-Identifier: MIT
// The config's interfaces as the devices of this machine: attached, and known to the data plane by ifindex.
import { type InterfaceRecord, writeInterfaces } from '../dataplane/interface-map.ts';
import type { KernelDataPlane } from '../dataplane/kernel-data-plane.ts';
import { type Attachment, attachDevices, pinProgram } from '../dataplane/links.ts';
import type { Loaded } from '../dataplane/loader.ts';
import { writeSnatAddresses } from '../dataplane/snat-addresses.ts';
import { readAddresses } from '../machine/device-address.ts';
import { readDevice } from '../machine/read-device.ts';
import type { Config, Interface } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';

interface RouterDevice extends InterfaceRecord {
  /** as in the config */
  readonly device: string;
  /** the kernel's */
  readonly name: string;
  readonly mode: Interface['mode'];
}

function routerDevice(one: Interface): RouterDevice {
  const device = readDevice(one.device);
  if (!device) throw new XlvsError('missing', `device ${one.device} does not exist`, 'see `ip link` for those that do');
  return { device: one.device, mode: one.mode, name: device.name, role: one.role, ...pickLink(device) };
}

function pickLink({ ifindex, mac, mtu }: { ifindex: number; mac: string; mtu: number }): Omit<InterfaceRecord, 'role'> {
  return { ifindex, mac, mtu };
}

/** Tells the data plane which devices are its own, then attaches to them. The links have the loaded program after. */
export function attachRouter(pins: string, router: KernelDataPlane, config: Config, loaded: Loaded): Attachment {
  const devices = config.interfaces.map(routerDevice);
  const { written, deleted } = writeInterfaces(router.maps, devices);
  if (written.length + deleted.length > 0) router.bumpGeneration();
  const attachment = attachDevices(pins, loaded.program, devices);
  pinProgram(pins, loaded.program);
  loaded.commit();
  return attachment;
}

/** Follows devices whose MAC or MTU changed, forgets those that the config lacks. Returns the names of the followed. */
export function refreshDevices(router: KernelDataPlane, config: Config): string[] {
  const devices = config.interfaces.map(routerDevice);
  const { written, deleted } = writeInterfaces(router.maps, devices);
  if (written.length + deleted.length > 0) router.bumpGeneration();
  return devices.filter(({ ifindex }) => written.includes(ifindex)).map(({ device }) => device);
}

/** Tells the data plane the addresses of its devices, for services with snat. Returns whether they are others than before. */
export function refreshAddresses(router: KernelDataPlane, config: Config): boolean {
  const ifindexes = new Map(config.interfaces.map(routerDevice).map(({ name, ifindex }) => [name, ifindex] as const));
  const own = readAddresses().flatMap(({ device, address, length }) => {
    const ifindex = ifindexes.get(device);
    return ifindex === undefined ? [] : [{ ifindex, address, length }];
  });
  return writeSnatAddresses(router.maps, own);
}
