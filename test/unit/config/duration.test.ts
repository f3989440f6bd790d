// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/config/duration.ts';
import { configOf, INTERFACES, problemsOf } from './config-text.ts';

it.each([
  [300, 300],
  ['300', 300],
  ['300s', 300],
  ['5m', 300],
  ['1h', 3600],
  ['0', 0],
])('reads %j as %i seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

it.each([-1, 1.5, '', 's', '5 m', '5M', '1h30m', '05s', '1d', '-5s'])('refuses %j', (text) =>
  expect(parseDuration(text)).toBeUndefined(),
);

it('writes seconds', () => expect(formatDuration(3600)).toBe('3600s'));

it.each([
  ['2678400', 2678400],
  ['744h', 2678400],
  ['1', 1],
])('may be %s as a timeout', (text, seconds) =>
  expect(configOf(`${INTERFACES}timeouts: { tcp: ${text} }`).timeouts.tcp).toBe(seconds),
);

it.each(['0', '-5', '0s', '2678401', '745h', '1.5', '5x', '9999999999', '[]', 'true'])(
  'is refused as a timeout: %s',
  (text) =>
    expect(problemsOf(`${INTERFACES}timeouts: { tcp: ${text} }`)).toEqual([
      expect.stringMatching(
        /^3:18: timeouts.tcp: found .*, accepted: a duration of 1 second to 31 days: 300, 300s, 5m, 1h$/,
      ),
    ]),
);
