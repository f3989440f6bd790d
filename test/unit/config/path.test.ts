// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { formatPath, quote } from '../../../src/config/path.ts';

it('writes a path with dots and indices, and odd keys in quotes', () => {
  expect(formatPath(['services', 1, 'one-packet'])).toBe('services[1].one-packet');
  expect(formatPath([])).toBe('');
  expect(formatPath(['a b\n', 'c'])).toBe(String.raw`["a b\n"].c`);
});

it('quotes text so that it stays in its line and cannot steer a terminal', () => {
  expect(quote('a\u001b[2J\u2028\u009b"\u202e', 40)).toBe(String.raw`"a\u001b[2J\u2028\u009b\"\u202e"`);
  expect(quote('abcdef', 3)).toBe('"abc…"');
});
