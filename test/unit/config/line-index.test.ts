// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { LineIndex } from '../../../src/config/line-index.ts';

it.each([
  ['', 0, 1, 1],
  ['', 5, 1, 1],
  ['ab\ncd', 0, 1, 1],
  ['ab\ncd', 2, 1, 3],
  ['ab\ncd', 3, 2, 1],
  ['ab\ncd', 99, 2, 3],
  ['ab\n\n\ncd\n', 4, 3, 1],
  ['ab\n\n\ncd\n', 8, 5, 1],
  ['ab\r\ncd', 4, 2, 1],
  ['ab', -1, 1, 1],
])('of %j, offset %i is line %i, column %i', (text, offset, line, column) => {
  expect(new LineIndex(text).position(offset)).toEqual({ line, column });
});
