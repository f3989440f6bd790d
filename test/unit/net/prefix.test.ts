// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import {
  canonicalPrefix,
  formatPrefix,
  netmaskOfPrefix,
  networkOf,
  parsePrefix,
  prefixContains,
  prefixOfNetmask,
} from '../../../src/net/prefix.ts';

describe('parsePrefix', () => {
  it('keeps the host bits', () => {
    expect(parsePrefix('192.0.2.10/24')).toEqual({ family: 'ipv4', address: '192.0.2.10', length: 24 });
  });

  it('takes a bare address as its full length', () => {
    expect(parsePrefix('192.0.2.10')?.length).toBe(32);
    expect(parsePrefix('2001:db8::1')?.length).toBe(128);
  });

  it.each([
    '',
    '/',
    '/24',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0.0/255.0.0.0',
  ])('refuses %j', (text) => expect(parsePrefix(text)).toBeUndefined());

  it('comes back as it was written, in canonical form', () => {
    const prefix = parsePrefix('2001:DB8:0::5/32') ?? expect.unreachable();
    expect(formatPrefix(prefix)).toBe('2001:db8::5/32');
    expect(canonicalPrefix('2001:DB8:0::5/32')).toBe('2001:db8::/32');
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.255', 0, '0.0.0.0'],
    ['192.0.2.255', 1, '128.0.0.0'],
    ['192.0.2.255', 23, '192.0.2.0'],
    ['192.0.2.255', 28, '192.0.2.240'],
    ['192.0.2.255', 31, '192.0.2.254'],
    ['192.0.2.255', 32, '192.0.2.255'],
    ['2001:db8:ffff::1', 36, '2001:db8:f000::'],
    ['2001:db8:ffff::1', 128, '2001:db8:ffff::1'],
  ])('of %s at %i is %s', (address, length, network) => expect(networkOf(address, length)).toBe(network));

  it.each([-1, 33, 1.5])('throws for the length %d', (length) =>
    expect(() => networkOf('10.0.0.1', length)).toThrow(RangeError),
  );
});

describe('prefixContains', () => {
  it.each([
    ['192.0.2.0/28', '192.0.2.15'],
    ['192.0.2.5/28', '192.0.2.0/29'],
    ['0.0.0.0/0', '203.0.113.9'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['2001:db8::/32', '2001:db8:1::/48'],
  ])('%s holds %s', (outer, inner) => expect(prefixContains(outer, inner)).toBe(true));

  it.each([
    ['192.0.2.0/28', '192.0.2.16'],
    ['192.0.2.0/29', '192.0.2.0/28'],
    ['0.0.0.0/0', '::1'],
    ['2001:db8::/32', '2001:db9::'],
  ])('%s does not hold %s', (outer, inner) => expect(prefixContains(outer, inner)).toBe(false));

  it('throws for a text that is no prefix', () =>
    expect(() => prefixContains('nonsense', '10.0.0.1')).toThrow('"nonsense" is not an address/length'));
});

describe('netmasks', () => {
  it('and lengths are each other for all 33', () => {
    for (let length = 0; length <= 32; length++) expect(prefixOfNetmask(netmaskOfPrefix(length))).toBe(length);
    expect(netmaskOfPrefix(20)).toBe('255.255.240.0');
  });

  it.each(['255.0.255.0', '0.255.255.255', '255.255.255.253', '0.0.0.1', 'ffff::', '24', ''])(
    'with a hole are refused: %j',
    (mask) => expect(prefixOfNetmask(mask)).toBeUndefined(),
  );
});
