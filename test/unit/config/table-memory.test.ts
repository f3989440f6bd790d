// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { tableMemory } from '../../../src/config/table-memory.ts';

it('counts a connection twice, once for each direction', () => {
  const empty = { connections: 0, persistence: 0, fragments: 0 };
  expect(tableMemory(empty)).toBe(0);
  expect(tableMemory({ ...empty, connections: 1_000_000 })).toBe(368_000_000);
});
