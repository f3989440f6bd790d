// SPDX-License-Identifier: MIT
// The config's interfaces as the devices of this machine: known to the data plane by ifindex, and attached, a VLAN device by
// its port.

import { type Attachment, askedMode, attachDevices, type LinkTarget } from '../dataplane/attach.ts';
import { type InterfaceRecord, type VlanRecord, writeInterfaces } from '../dataplane/interface-map.ts';
import type { KernelDataPlane } from '../dataplane/kernel-data-plane.ts';
import { pinProgram } from '../dataplane/links.ts';
import type { Loaded } from '../dataplane/loader.ts';
import { writeSnatAddresses } from '../dataplane/snat-addresses.ts';
import { type Device, findDevice } from '../machine/device.ts';
import { readAddresses } from '../machine/device-address.ts';
import { type Port, portOf } from '../machine/port.ts';
import { readDevices } from '../machine/read-device.ts';
import type { Config, Interface } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';

const TAG_BYTES = 4;

export interface RouterDevice {
  readonly device: string;
  readonly record: InterfaceRecord;
  /** what XDP is attached to */
  readonly target: LinkTarget;
}

/** The kernel redirects to a port what its MTU allows for and one tag: a second one has to fit in. */
function mtuOf({ mtu }: Device, { device: port, tags }: Port): number {
  return Math.min(mtu, port.mtu - TAG_BYTES * Math.max(0, tags.length - 1));
}

function routerDevice(one: Interface, devices: readonly Device[]): RouterDevice {
  const device = findDevice(devices, one.device);
  const port = device && portOf(device, devices);
  if (!device || !port) {
    throw new XlvsError('missing', `device ${one.device} does not exist`, 'see `ip link` for those that do');
  }
  const { ifindex, mac } = device;
  const vlan: VlanRecord | undefined = device.tag && { port: port.device.ifindex, tags: port.tags };
  // as the config calls it, where it is the device itself
  const name = device.tag ? port.device.name : one.device;
  return {
    device: one.device,
    record: { ifindex, mac, mtu: mtuOf(device, port), role: one.role, vlan },
    target: { device: name, ifindex: port.device.ifindex, mtu: port.device.mtu, mode: one.mode },
  };
}

export function routerDevices({ interfaces }: Config, devices: readonly Device[] = readDevices()): RouterDevice[] {
  return interfaces.map((one) => routerDevice(one, devices));
}

/** Each port once, by the name it is listed under, if it is. Throws XlvsError when devices ask for different modes. */
function linkTargets(devices: readonly RouterDevice[]): LinkTarget[] {
  const mode = askedMode(devices.map(({ target }) => target));
  const ports = new Map<number, LinkTarget>();
  for (const { target, record } of devices) {
    const known = ports.get(target.ifindex);
    if (!known || !record.vlan) ports.set(target.ifindex, { ...target, mode });
  }
  return [...ports.values()];
}

function tellDevices(router: KernelDataPlane, devices: readonly RouterDevice[]): readonly number[] {
  const { written, deleted } = writeInterfaces(
    router.maps,
    devices.map(({ record }) => record),
  );
  if (written.length + deleted.length > 0) router.bumpGeneration();
  return written;
}

/**
 * Tells the data plane which devices are its own, then attaches to them. The links have the loaded program after. `touched` are
 * interfaces.
 */
export function attachRouter(pins: string, router: KernelDataPlane, config: Config, loaded: Loaded): Attachment {
  const devices = routerDevices(config);
  const targets = linkTargets(devices);
  const unknown = devices.filter(({ record }) => router.maps.interfaces.get(record.ifindex) === undefined);
  // what fails has told the data plane nothing
  const attachment = attachDevices(pins, loaded.program, targets);
  tellDevices(router, devices);
  pinProgram(pins, loaded.program);
  loaded.commit();
  const ports = targets.filter(({ device }) => attachment.touched.includes(device)).map(({ ifindex }) => ifindex);
  const isTouched = (one: RouterDevice): boolean =>
    ports.includes(one.target.ifindex) || (one.record.vlan !== undefined && unknown.includes(one));
  return { ...attachment, touched: devices.filter(isTouched).map(({ device }) => device) };
}

/** Follows devices whose MAC or MTU changed, forgets those that the config lacks. Returns the names of the followed. */
export function refreshDevices(router: KernelDataPlane, config: Config): string[] {
  const devices = routerDevices(config);
  const written = tellDevices(router, devices);
  return devices.filter(({ record }) => written.includes(record.ifindex)).map(({ device }) => device);
}

/** Tells the data plane the addresses of its devices, for services with snat. Returns whether they are others than before. */
export function refreshAddresses(router: KernelDataPlane, config: Config): boolean {
  const devices = readDevices();
  const ifindexes = new Map(
    config.interfaces.flatMap((one) => {
      const device = findDevice(devices, one.device);
      return device ? [[device.name, device.ifindex] as const] : [];
    }),
  );
  const own = readAddresses().flatMap(({ device, address, length }) => {
    const ifindex = ifindexes.get(device);
    return ifindex === undefined ? [] : [{ ifindex, address, length }];
  });
  return writeSnatAddresses(router.maps, own);
}
