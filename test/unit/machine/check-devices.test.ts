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
    expect(findings).toEqual(["eth1: there is no such device; name one of this machine's devices: eth0, ens3"]);
  });

  test('refuses a VLAN device and names the one below it', () => {
    expect(check(eth0, ethernet('eth1', { kind: 'vlan', link: 'ens3' }))).toEqual([
      'eth1: is a VLAN device, which XDP cannot redirect frames to; use a device without a tag, such as ens3',
    ]);
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
