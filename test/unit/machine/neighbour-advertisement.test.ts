// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { neighbourAdvertisement } from '../../../src/machine/neighbour-advertisement.ts';

const MAC = '02:00:00:00:00:0a';
const VIP = '2001:db8::a';

describe('an unsolicited neighbour advertisement', () => {
  const frame = neighbourAdvertisement(MAC, VIP);
  const hex = Buffer.from(frame).toString('hex');

  test('goes to all nodes, from a router that overrides what they knew', () => {
    expect(frame).toHaveLength(86);
    expect(hex.slice(0, 28)).toBe('333300000001' + '02000000000a' + '86dd');
    expect(hex.slice(28, 44)).toBe('6000000000203aff');
    expect(hex.slice(44, 108)).toBe('20010db8000000000000000000' + '00000aff02000000000000000000000000' + '0001');
    expect(hex.slice(108, 112)).toBe('8800');
    expect(hex.slice(116)).toBe('a0000000' + '20010db800000000000000000000000a' + '020102000000000a');
  });

  test('has a right checksum', () => {
    const pseudo = [...frame.subarray(22, 54), 0, 0, 0, 32, 0, 0, 0, 58, ...frame.subarray(54)];
    let sum = 0;
    for (let i = 0; i < pseudo.length; i += 2) sum += ((pseudo[i] ?? 0) << 8) | (pseudo[i + 1] ?? 0);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    expect(sum).toBe(0xffff);
  });

  test('refuses what has no MAC or is not IPv6', () => {
    expect(() => neighbourAdvertisement('', VIP)).toThrow(new RangeError('"" is not a MAC address'));
    expect(() => neighbourAdvertisement(MAC, '192.0.2.10')).toThrow(
      new RangeError('192.0.2.10 is not an IPv6 address'),
    );
  });
});
