// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { suggest } from '../../../src/config/suggest.ts';

const KEYS = ['address', 'port', 'ports', 'weight'];

it.each([
  ['adress', 'address'],
  ['wieght', 'weight'],
  ['Port', 'port'],
  ['prts', 'ports'],
])('finds what %s meant', (word, meant) => expect(suggest(word, KEYS)).toBe(meant));

it.each(['colour', 'p', '', 'addresslist'])('suggests nothing for %j', (word) =>
  expect(suggest(word, KEYS)).toBeUndefined(),
);
