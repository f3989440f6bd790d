// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import {
  addressBits,
  addressBytes,
  canonicalAddress,
  familyOf,
  formatAddress,
  isHostAddress,
  isLinkLocalIpv6,
  parseAddress,
} from '../../../src/net/address.ts';

describe('parseAddress', () => {
  it('reads IPv4 into network order', () => {
    expect(parseAddress('192.0.2.10')).toEqual({
      family: 'ipv4',
      text: '192.0.2.10',
      bytes: Uint8Array.of(192, 0, 2, 10),
    });
  });

  it('brings IPv6 into its canonical form', () => {
    const address = parseAddress('2001:DB8:0:0:0:0:0:1');
    expect(address?.text).toBe('2001:db8::1');
    expect(address?.family).toBe('ipv6');
    expect([...(address?.bytes ?? [])]).toEqual([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it.each([
    '',
    '10',
    '10.0.0',
    '10.0.0.0.1',
    '010.0.0.1',
    '10.0.0.256',
    ' 10.0.0.1',
    '10.0.0.1\n',
    '0x0a.0.0.1',
    '1.2.3.4/8',
  ])('refuses %j as IPv4', (text) => expect(parseAddress(text)).toBeUndefined());

  it.each([':', ':::', '1::2::3', '12345::', 'fe80::1%eth0', '::1/64', '[::1]', '::g', '1:2:3:4:5:6:7:8:9'])(
    'refuses %j as IPv6',
    (text) => expect(parseAddress(text)).toBeUndefined(),
  );
});

describe('addresses already checked', () => {
  it('give their bytes, family, width and canonical text', () => {
    expect([...addressBytes('10.0.0.1')]).toEqual([10, 0, 0, 1]);
    expect(addressBytes('::1')).toHaveLength(16);
    expect(familyOf('10.0.0.1')).toBe('ipv4');
    expect(familyOf('::1')).toBe('ipv6');
    expect(addressBits('ipv4')).toBe(32);
    expect(addressBits('ipv6')).toBe(128);
    expect(canonicalAddress('0:0::1')).toBe('::1');
  });

  it.each([addressBytes, familyOf, canonicalAddress])('throw a RangeError that quotes what is no address', (read) => {
    expect(() => read('10.0.0')).toThrow(new RangeError('"10.0.0" is not an IP address'));
  });

  it('come back from their bytes', () => {
    for (const text of ['0.0.0.0', '255.255.255.255', '10.1.2.3', '::', '2001:db8::1', 'fe80::1:0:0:1'])
      expect(formatAddress(addressBytes(text))).toBe(text);
    expect(() => formatAddress(new Uint8Array(5))).toThrow(RangeError);
  });
});

describe('isHostAddress', () => {
  const isHost = (text: string) => isHostAddress(parseAddress(text) ?? expect.unreachable());

  it.each([
    '10.0.0.1',
    '192.0.2.10',
    '223.255.255.254',
    '2001:db8::1',
    'fe80::1',
    '169.254.0.1',
    '::fffe:a00:1',
    '::ffff:0:a00:1',
  ])('says yes to %s', (text) => expect(isHost(text)).toBe(true));

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'ff02::1',
    '::ffff:10.0.0.1',
  ])('says no to %s', (text) => expect(isHost(text)).toBe(false));
});

it('is link-local in fe80::/10 alone', () => {
  const isLinkLocal = (text: string) => isLinkLocalIpv6(parseAddress(text) ?? expect.unreachable());
  expect(['fe80::', 'fe80::1', 'FEBF:ffff::1'].filter(isLinkLocal)).toHaveLength(3);
  expect(['fe7f::1', 'fec0::1', 'fe8::1', 'fd00::1', '169.254.0.1', '254.128.0.1'].filter(isLinkLocal)).toEqual([]);
});
