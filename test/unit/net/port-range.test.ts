// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import {
  formatPortRange,
  isPort,
  normalisePortRanges,
  parsePortRange,
  parsePortRanges,
} from '../../../src/net/port-range.ts';

const range = (first: number, last = first) => ({ first, last });

describe('parsePortRange', () => {
  it.each([
    [80, range(80)],
    ['80', range(80)],
    ['0', range(0)],
    ['10000-20000', range(10000, 20000)],
    ['80-80', range(80)],
    ['0-65535', range(0, 65535)],
    ['any', range(0, 65535)],
  ])('reads %j', (item, expected) => expect(parsePortRange(item)).toEqual(expected));

  it.each([
    -1,
    65536,
    1.5,
    Number.NaN,
    '',
    '-',
    '80-',
    '-80',
    '443-80',
    '1-2-3',
    '080',
    '80-65536',
    ' 80',
    'http',
    '*',
  ])('refuses %j', (item) => expect(parsePortRange(item)).toBeUndefined());
});

describe('lists of ranges', () => {
  it('are sorted and merged where they overlap or touch', () => {
    expect(parsePortRanges(['443', 80, '81-90', '85-100', '95', 20])).toEqual([range(20), range(80, 100), range(443)]);
    expect(normalisePortRanges([range(1, 10), range(2, 3), range(11)])).toEqual([range(1, 11)]);
  });

  it('are refused whole when one item is, or when they are empty', () => {
    expect(parsePortRanges([80, 'x'])).toBeUndefined();
    expect(parsePortRanges([])).toBeUndefined();
  });
});

it('formats a range as a config file writes it', () => {
  expect([range(80), range(1, 2), range(0, 65535), range(0)].map(formatPortRange)).toEqual(['80', '1-2', 'any', '0']);
});

it('knows a port from other numbers', () => {
  expect([0, 65535].every(isPort)).toBe(true);
  expect([-1, 65536, 0.5, Number.NaN].some(isPort)).toBe(false);
});
