// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { gratuitousArp } from '../../../src/machine/gratuitous-arp.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const PADDING = '00'.repeat(18);

describe('a gratuitous ARP', () => {
  test('announces by a broadcast request for the own address, target MAC zero (RFC 5227)', () => {
    expect(hex(gratuitousArp('02:00:00:00:00:0a', '192.0.2.10'))).toBe(
      `ffffffffffff02000000000a08060001080006040001${'02000000000a'}c000020a${'000000000000'}c000020a${PADDING}`,
    );
  });

  test('announces by a reply to everybody as well', () => {
    expect(hex(gratuitousArp('02:00:00:00:00:0a', '192.0.2.10', 'reply'))).toBe(
      `ffffffffffff02000000000a08060001080006040002${'02000000000a'}c000020a${'ffffffffffff'}c000020a${PADDING}`,
    );
  });

  test('refuses what has no MAC or is not IPv4', () => {
    expect(() => gratuitousArp('', '192.0.2.10')).toThrow(new RangeError('"" is not a MAC address'));
    expect(() => gratuitousArp('02:00:00:00:00:0a', '2001:db8::1')).toThrow(
      new RangeError('2001:db8::1 is not an IPv4 address'),
    );
  });
});
