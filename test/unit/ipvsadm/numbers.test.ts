// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { largeNumber } from '../../../src/ipvsadm/large-number.ts';
import { inetAton, leadingNumber, markNumber, wholeNumber } from '../../../src/ipvsadm/numbers.ts';

test.each([
  ['80', 80],
  [' +80', 80],
  ['0x50', undefined],
  ['080', 80],
  ['80 ', undefined],
  ['', undefined],
  ['65536', undefined],
  ['-1', undefined],
  ['99999999999999999999', undefined],
])('a port of %j is %j', (text, port) => {
  expect(wholeNumber(text, 0, 65535)).toBe(port);
});

test.each([
  ['1', 1],
  ['4294967295', 4294967295],
  ['4294967296', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['0x10', undefined],
])('a mark of %j is %j', (text, mark) => {
  expect(markNumber(text)).toBe(mark);
});

test.each([
  ['64', 64],
  ['64x', 64],
  ['x64', 0],
  ['-3', -3],
])('a prefix length of %j is read as %j', (text, length) => {
  expect(leadingNumber(text)).toBe(length);
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['10.1', '10.0.0.1'],
  ['10.1.258', '10.1.1.2'],
  ['167772161', '10.0.0.1'],
  ['0xa.010.0.1', '10.8.0.1'],
  ['255.255.255.255', '255.255.255.255'],
  ['0', '0.0.0.0'],
  ['256.0.0.1', undefined],
  ['10.0.0.256', undefined],
  ['1.2.3.4.5', undefined],
  ['10..1', undefined],
  ['10.0.0.08', undefined],
  ['host', undefined],
  ['', undefined],
])('the address %j is %j', (text, address) => {
  expect(inetAton(text)).toBe(address);
});

describe('large numbers', () => {
  test.each([
    [0n, '        0'],
    [99_999_999n, ' 99999999'],
    [100_000_000n, '  100000K'],
    [999_999_999n, '  999999K'],
    [1_000_000_000n, '    1000M'],
    [99_999_999_999n, '   99999M'],
    [100_000_000_000n, '     100G'],
    [99_999_999_999_999n, '   99999G'],
    [100_000_000_000_000n, '     100T'],
    [2n ** 64n - 1n, '18446744T'],
  ])('%d', (count, text) => {
    expect(largeNumber(count, false)).toBe(text);
  });

  test.each([
    [7n, '        7'],
    [99_999_999n, ' 99999999'],
    [100_000_000n, ' 100000000'],
    [2n ** 64n - 1n, ' 18446744073709551615'],
  ])('%d, exact', (count, text) => {
    expect(largeNumber(count, true)).toBe(text);
  });
});
