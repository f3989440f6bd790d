// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { readSettings, shortageOf } from '../../../src/dataplane/settings-map.ts';

test.each([
  [2000, 1024, 0],
  [1024, 1024, 0],
  [1023, 1024, 1024],
  [1014, 1024, 102],
  [512, 1024, 2],
  [100, 1024, 1],
  [0, 1024, 1],
  [0, 0, 0],
])('with %i pages free and amemthresh %i, one packet in %i goes', (free, amemthresh, rate) => {
  expect(shortageOf(free, amemthresh)).toBe(rate);
});

test('a map without its entry is named with the cure', () => {
  expect(() => readSettings({ settings: { get: () => undefined } } as never)).toThrow(
    expect.objectContaining({
      line: 'the pinned map settings has no entry; run `xlvs down`, then start xlvs again',
    }),
  );
});
