// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { deviceOf, findDevice } from '../../../src/machine/device.ts';
import { addressesOf } from '../../../src/machine/device-address.ts';
import { ethernet } from './router-facts.ts';

const LINK = {
  ifindex: 4,
  link: 'ens3',
  ifname: 'lan5',
  altnames: ['lan'],
  flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
  mtu: 1500,
  link_type: 'ether',
  address: '02:00:00:00:00:05',
  linkinfo: { info_kind: 'vlan', info_data: { protocol: '802.1Q', id: 5 } },
};

describe('a device', () => {
  test('is what ip says about a link', () => {
    expect(deviceOf(LINK, { driver: '802.1Q VLAN Support', stripsTags: false })).toEqual({
      name: 'lan5',
      alternativeNames: ['lan'],
      ifindex: 4,
      mac: '02:00:00:00:00:05',
      mtu: 1500,
      up: true,
      ethernet: true,
      kind: 'vlan',
      tag: { ethertype: 0x8100, id: 5 },
      stripsTags: false,
      link: 'ens3',
      driver: '802.1Q VLAN Support',
    });
  });

  test('of hardware has no kind, one without MAC an empty one', () => {
    const tun = deviceOf(
      { ifindex: 5, ifname: 'tun0', flags: [], mtu: 1400, link_type: 'none' },
      { driver: undefined, stripsTags: false },
    );
    expect(tun).toMatchObject({ kind: undefined, mac: '', up: false, ethernet: false, driver: undefined });
  });

  test('goes by its name and its alternative names', () => {
    const devices = [ethernet('eth0'), ethernet('lan5', { alternativeNames: ['lan'] })];
    expect(findDevice(devices, 'lan')?.name).toBe('lan5');
    expect(findDevice(devices, 'eth0')?.name).toBe('eth0');
    expect(findDevice(devices, 'eth9')).toBeUndefined();
  });
});

describe("a device's addresses", () => {
  test('are those ip lists, which a device without any may leave out', () => {
    const addr_info = [
      { family: 'inet', local: '10.0.0.254', prefixlen: 24 },
      { family: 'inet', local: '10.0.0.253', prefixlen: 24, secondary: true },
    ];
    expect(addressesOf({ ifname: 'eth1', addr_info })).toEqual([
      { device: 'eth1', address: '10.0.0.254', length: 24, secondary: false },
      { device: 'eth1', address: '10.0.0.253', length: 24, secondary: true },
    ]);
    expect(addressesOf({ ifname: 'eth1' })).toEqual([]);
  });
});
