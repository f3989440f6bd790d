// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { tableMemory } from '../../../src/config/table-memory.ts';

const empty = { connections: 0, persistence: 0, fragments: 0 };

it('counts a connection twice, once for each direction', () => {
  expect(tableMemory(empty)).toBe(0);
  expect(tableMemory({ ...empty, connections: 1_000_000 })).toBe(368_000_000);
});

it('counts a copy for each connection, unless their number is given', () => {
  expect(tableMemory({ ...empty, connections: 1_000_000, copies: 0 })).toBe(304_000_000);
  expect(tableMemory({ ...empty, copies: 1000 })).toBe(64_000);
});
