// SPDX-License-Identifier: MIT
// Everything xlvs may touch in this namespace outside its pins, in a form that compares: equal before and after means
// that the machine was left as it was. For tests and `down`.
import type { IpLink } from './device.ts';
import { readAddresses } from './device-address.ts';
import { ipJson } from './iproute.ts';
import { managedNeighbours } from './neighbour.ts';
import { readDevices } from './read-device.ts';
import type { IpRoute } from './route.ts';
import { deviceSetting, ipv6Setting, readSysctl, sysctlName } from './sysctl.ts';

/** Lists are sorted, one line for each thing. */
export interface MachineSnapshot {
  /** `eth0 up mtu 1500 xdp 1:42` (attach mode and program id) */
  readonly links: readonly string[];
  /** `eth0 192.0.2.10/24` */
  readonly addresses: readonly string[];
  /** of IPv4, all tables; IPv6 ones come and go by themselves */
  readonly routes: readonly string[];
  /** `eth1 10.0.0.1` */
  readonly managedNeighbours: readonly string[];
  /** by sysctl name */
  readonly sysctls: Readonly<Record<string, string>>;
}

interface IpXdpLink extends IpLink {
  readonly xdp?: { readonly mode: number; readonly prog?: { readonly id: number } };
}

const SETTINGS = ['forwarding', 'rp_filter', 'accept_local', 'promote_secondaries'];

/** Throws XlvsError. */
export function machineSnapshot(): MachineSnapshot {
  return {
    links: ipJson<IpXdpLink>(['-details', 'link', 'show']).map(lineOfLink).sort(),
    addresses: readAddresses()
      .map(({ device, address, length }) => `${device} ${address}/${length}`)
      .sort(),
    routes: ipJson<IpRoute>(['-4', 'route', 'show', 'table', 'all']).map(lineOfRoute).sort(),
    managedNeighbours: managedNeighbours()
      .map(({ device, address }) => `${device} ${address}`)
      .sort(),
    sysctls: Object.fromEntries(settings().map((path) => [sysctlName(path), readSysctl(path) ?? 'absent'])),
  };
}

function settings(): string[] {
  const devices = ['all', 'default', ...readDevices().map(({ name }) => name)];
  return [
    'net/ipv4/ip_forward',
    ...devices.map((device) => ipv6Setting(device, 'forwarding')),
    ...devices.flatMap((device) => SETTINGS.map((setting) => deviceSetting(device, setting))),
  ];
}

function lineOfLink({ ifname, flags, mtu, xdp }: IpXdpLink): string {
  const state = flags.includes('UP') ? 'up' : 'down';
  return `${ifname} ${state} mtu ${mtu}${xdp ? ` xdp ${xdp.mode}:${xdp.prog?.id}` : ''}`;
}

/** Whatever `ip` says, but for flags such as linkdown, which are the cable's. */
function lineOfRoute(route: IpRoute): string {
  return JSON.stringify(route, (key, value) => (key === 'flags' ? undefined : value));
}
