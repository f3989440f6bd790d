// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { formatMac, parseMac } from '../../../src/net/mac.ts';

it('reads a MAC address with colons or hyphens, in wire order', () => {
  expect(parseMac('02:00:5e:10:00:FF')).toEqual(Uint8Array.of(2, 0, 0x5e, 0x10, 0, 0xff));
  expect(parseMac('02-00-5E-10-00-ff')).toEqual(Uint8Array.of(2, 0, 0x5e, 0x10, 0, 0xff));
});

it.each([
  '',
  '02:00:5e:10:00',
  '02:00:5e:10:00:ff:01',
  '2:0:5e:10:0:ff',
  '02:00-5e:10:00:ff',
  '02005e1000ff',
  '02:00:5e:10:00:fg',
])('refuses %j', (text) => expect(parseMac(text)).toBeUndefined());

it('writes six bytes, and only six', () => {
  expect(formatMac(Uint8Array.of(2, 0, 0x5e, 0x10, 0, 0xff))).toBe('02:00:5e:10:00:ff');
  expect(() => formatMac(new Uint8Array(8))).toThrow(RangeError);
});
