// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { checkDevices } from '../../../src/machine/check-devices.ts';
import type { Device } from '../../../src/machine/device.ts';
import { formatFinding } from '../../../src/machine/finding.ts';
import { config, ethernet, facts, PRIVATE, PUBLIC } from './router-facts.ts';

const check = (...devices: Device[]) => checkDevices(config(), facts({ devices })).map(formatFinding);
const eth0 = ethernet('eth0');

describe('a device check', () => {
  test('names the devices to choose from when one is missing', () => {
    const findings = check(
      ethernet('lo', { ethernet: false }),
      eth0,
      ethernet('ens3'),
      ethernet('v5', { kind: 'vlan' }),
    );
    expect(findings).toEqual(["eth1: there is no such device; name one of this machine's devices: eth0, ens3, v5"]);
  });

  describe('of a VLAN device', () => {
    const vlan = (name: string, link: string | undefined, rest: Partial<Device> = {}) =>
      ethernet(name, { kind: 'vlan', link, tag: { ethertype: 0x8100, id: 5 }, ...rest });
    const ens3 = ethernet('ens3');

    test('accepts one tag and two', () => {
      expect(check(eth0, ens3, vlan('eth1', 'ens3'))).toEqual([]);
      expect(check(eth0, ens3, vlan('ens3.7', 'ens3'), vlan('eth1', 'ens3.7'))).toEqual([]);
    });

    test('refuses three', () => {
      expect(check(eth0, ens3, vlan('v1', 'ens3'), vlan('v2', 'v1'), vlan('eth1', 'v2'))).toEqual([
        'eth1: has 3 tags, xlvs looks behind 2; use a device with one tag or two',
      ]);
    });

    test('refuses one whose port is in another namespace', () => {
      expect(check(eth0, vlan('eth1', undefined))).toEqual([
        expect.stringMatching(/^eth1: stands on a device of another network namespace/),
      ]);
    });

    test('looks at the port below, once for all its VLANs', () => {
      const port = ethernet('ens3', { up: false, stripsTags: true });
      expect(check(vlan('eth0', 'ens3'), vlan('eth1', 'ens3'), port)).toEqual([
        'ens3: the device is down; ip link set ens3 up',
        'ens3: takes the VLAN tags out of the frames it receives, where XDP cannot see them; ethtool -K ens3 rxvlan off',
      ]);
    });

    test('a veth’s peer puts the tag beside the frame', () => {
      const port = ethernet('ens3', { stripsTags: true, driver: 'veth' });
      expect(check(eth0, vlan('eth1', 'ens3'), port)).toEqual([expect.stringMatching(/, and on its peer txvlan off$/)]);
    });

    test('says nothing of tags to a port without VLANs', () => {
      expect(check(ethernet('eth0', { stripsTags: true }), ethernet('eth1'))).toEqual([]);
    });

    test('refuses a port that has no Ethernet frames', () => {
      const port = ethernet('ens3', { ethernet: false, kind: 'tun' });
      expect(check(eth0, vlan('eth1', 'ens3'), port)).toEqual([
        'ens3: is no Ethernet device (tun); use an Ethernet device',
      ]);
    });
  });

  test.each([
    ['tun', 'eth1: is no Ethernet device (tun); use an Ethernet device'],
    [undefined, 'eth1: is no Ethernet device; use an Ethernet device'],
  ])('refuses a device whose frames have no Ethernet header (%s)', (kind, line) => {
    expect(check(eth0, ethernet('eth1', { kind, ethernet: false }))).toEqual([line]);
  });

  test.each(['veth', 'bond', 'bridge'])('accepts a %s', (kind) => {
    expect(check(eth0, ethernet('eth1', { kind }))).toEqual([]);
  });

  test('knows a device by its alternative name', () => {
    expect(check(eth0, ethernet('enp5s0f1', { alternativeNames: ['eth1'] }))).toEqual([]);
  });

  test('sees through one device under two names', () => {
    const devices = [ethernet('eth0', { alternativeNames: ['wan'] })];
    const interfaces = [PUBLIC, { ...PRIVATE, device: 'wan' }];
    expect(checkDevices(config({ interfaces }), facts({ devices })).map(formatFinding)).toEqual([
      'wan: is another name of eth0, which is listed already; list it once',
    ]);
  });
});
