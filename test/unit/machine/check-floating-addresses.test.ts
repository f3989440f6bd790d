// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { checkFloatingAddresses } from '../../../src/machine/check-floating-addresses.ts';
import { formatFinding } from '../../../src/machine/finding.ts';
import { config, facts } from './router-facts.ts';

const check = (device: string, length = 24) => {
  const addresses = [{ device, address: '192.0.2.10', length, secondary: false }];
  return checkFloatingAddresses(config(), facts({ addresses })).map(formatFinding);
};

describe('a floating address check', () => {
  test('finds an address that another device has, with whatever prefix', () => {
    expect(check('eth5', 32)).toEqual([
      'eth0: its address 192.0.2.10 is already on eth5; ip address del 192.0.2.10/32 dev eth5',
    ]);
  });

  test('accepts one that xlvs put on the other device itself: it moves', () => {
    const addresses = [{ device: 'eth5', address: '192.0.2.10', length: 24, secondary: false }];
    const check = (placed: string) =>
      checkFloatingAddresses(config(), facts({ addresses }), [{ device: 'eth5', address: placed }]);
    expect(check('192.0.2.10/24')).toEqual([]);
    expect(check('192.0.2.11/24')).toHaveLength(1);
  });

  test('says nothing of a device that is not there', () => {
    const addresses = [{ device: 'eth5', address: '192.0.2.10', length: 24, secondary: false }];
    expect(checkFloatingAddresses(config(), facts({ addresses, devices: [] }))).toEqual([]);
  });

  test('accepts one that the device itself has', () => expect(check('eth0')).toEqual([]));
});
