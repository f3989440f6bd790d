// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { repeats } from '../../../src/config/repeats.ts';

it('pairs each repetition with the first, and leaves out what has no key', () => {
  const items = ['a1', 'b1', 'a2', '-', 'a3', '-'];
  expect(repeats(items, (item) => (item === '-' ? undefined : item[0]))).toEqual([
    { first: 'a1', again: 'a2' },
    { first: 'a1', again: 'a3' },
  ]);
});
