// SPDX-License-Identifier: MIT
// A config and a machine on which nothing is wrong with it, for checks to spoil one thing at a time.
import type { Device } from '../../../src/machine/device.ts';
import type { MachineFacts } from '../../../src/machine/machine-facts.ts';
import { type Config, DEFAULT_SWITCHES, type Interface, NO_LIMITS, type Service } from '../../../src/model/model.ts';

export const ethernet = (name: string, rest: Partial<Device> = {}): Device => ({
  name,
  alternativeNames: [],
  ifindex: 2,
  mac: '02:00:00:00:00:01',
  mtu: 1500,
  up: true,
  ethernet: true,
  kind: undefined,
  link: undefined,
  tag: undefined,
  driver: undefined,
  stripsTags: false,
  ...rest,
});

export const PUBLIC: Interface = { device: 'eth0', role: 'public', mode: 'auto', addresses: ['192.0.2.10/24'] };
export const PRIVATE: Interface = { device: 'eth1', role: 'private', mode: 'auto', addresses: [] };

export const service = (name: string, ...servers: string[]): Service => ({
  name,
  key: { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 80 },
  scheduler: 'wlc',
  servers: servers.map((address) => ({ address, port: 80, weight: 1 })),
});

export const config = (rest: Partial<Config> = {}): Config => ({
  interfaces: [PUBLIC, PRIVATE],
  marks: [],
  services: [service('web', '10.0.0.1', '10.0.0.2')],
  timeouts: { tcp: 900, tcpfin: 120, udp: 300 },
  tables: { connections: 1000, persistence: 1000, fragments: 1000 },
  switches: DEFAULT_SWITCHES,
  limits: NO_LIMITS,
  metrics: { host: '127.0.0.1', port: 9113 },
  ...rest,
});

const BEHIND_ETH1 = { devices: ['eth1'], length: 24, local: false };

export const facts = (rest: Partial<MachineFacts> = {}): MachineFacts => ({
  kernel: '6.1.0-18-amd64',
  capabilities: 0x1ffffffffffn,
  devices: [ethernet('lo', { ethernet: false }), ethernet('eth0'), ethernet('eth1')],
  addresses: [{ device: 'eth1', address: '10.0.0.254', length: 24, secondary: false }],
  ipForward: true,
  settings: new Map([
    ['eth0', { forwarding: true, ipv6Forwarding: true, rpFilter: 1 }],
    ['eth1', { forwarding: true, ipv6Forwarding: true, rpFilter: 1 }],
  ]),
  nft: true,
  localPorts: { first: 32768, last: 60999, reserved: [] },
  defaultDevices: ['eth0'],
  routes: new Map([
    ['10.0.0.1', BEHIND_ETH1],
    ['10.0.0.2', BEHIND_ETH1],
  ]),
  ...rest,
});
