// SPDX-License-Identifier: MIT
// Everything the checks ask about the machine, read once, so that they decide without touching it.
import { release } from 'node:os';
import type { Config, PortRange } from '../model/model.ts';
import { type Capabilities, readCapabilities } from './capabilities.ts';
import { type Device, findDevice } from './device.ts';
import { type DeviceAddress, readAddresses } from './device-address.ts';
import { hasNft } from './nftables.ts';
import { readDevices } from './read-device.ts';
import { defaultDevices, matchedRoutes, type RouteMatch } from './route.ts';
import { deviceSetting, ipv6Setting, readSysctl } from './sysctl.ts';

/** A device's settings. */
export interface DeviceSettings {
  /** of IPv4 */
  readonly forwarding: boolean;
  readonly ipv6Forwarding: boolean;
  /** what the kernel goes by, the larger of `all` and the device's own: 0 off, 1 strict, 2 loose */
  readonly rpFilter: number;
}

/** Ports that the kernel gives to the machine's own connections. */
export interface LocalPorts extends PortRange {
  /** but for these */
  readonly reserved: readonly PortRange[];
}

export interface MachineFacts {
  /** as uname(2) says it: `6.1.0-18-amd64` */
  readonly kernel: string;
  readonly capabilities: Capabilities;
  readonly devices: readonly Device[];
  readonly addresses: readonly DeviceAddress[];
  /** net.ipv4.ip_forward */
  readonly ipForward: boolean;
  /** by device name */
  readonly settings: ReadonlyMap<string, DeviceSettings>;
  readonly localPorts: LocalPorts;
  /** whether the command can be run; not asked without masquerade */
  readonly nft: boolean;
  /** of the IPv4 default route */
  readonly defaultDevices: readonly string[];
  /** by server address; `undefined` where there is no route */
  readonly routes: ReadonlyMap<string, RouteMatch | undefined>;
}

/** Reads what `config` makes worth asking. Throws XlvsError when the machine cannot be asked. */
export function readMachineFacts(config: Config): MachineFacts {
  const devices = readDevices();
  const used = config.interfaces.flatMap(({ device }) => findDevice(devices, device)?.name ?? []);
  return {
    kernel: release(),
    capabilities: readCapabilities(),
    devices,
    addresses: readAddresses(),
    ipForward: readSysctl('net/ipv4/ip_forward') === '1',
    settings: new Map(used.map((device) => [device, readSettings(device)])),
    localPorts: readLocalPorts(),
    nft: !config.masquerade || hasNft(),
    defaultDevices: defaultDevices(),
    routes: readRoutes(config),
  };
}

function readSettings(device: string): DeviceSettings {
  const read = (of: string, setting: string) => Number(readSysctl(deviceSetting(of, setting)));
  return {
    forwarding: read(device, 'forwarding') === 1,
    ipv6Forwarding: readSysctl(ipv6Setting(device, 'forwarding')) === '1',
    rpFilter: Math.max(read('all', 'rp_filter'), read(device, 'rp_filter')),
  };
}

function readLocalPorts(): LocalPorts {
  const [first = 0, last = 0] = (readSysctl('net/ipv4/ip_local_port_range') ?? '').split(/\s+/).map(Number);
  const reserved = (readSysctl('net/ipv4/ip_local_reserved_ports') ?? '').split(',').filter((text) => text !== '');
  return { first, last, reserved: reserved.map(rangeOf) };
}

function rangeOf(text: string): PortRange {
  const [first = 0, last = first] = text.split('-').map(Number);
  return { first, last };
}

function readRoutes(config: Config): ReadonlyMap<string, RouteMatch | undefined> {
  const servers = config.services.flatMap(({ servers }) => servers.map(({ address }) => address));
  const addresses = [...new Set(servers)];
  const routes = matchedRoutes(addresses);
  return new Map(addresses.map((address, i) => [address, routes[i]]));
}
