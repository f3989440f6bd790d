// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { scenario } from './lab.ts';
import type { Facts } from './scenario/descriptors.ts';

test('whatever is opened, closed or refused many times leaves no descriptor', () => {
  const leaks = Object.entries(scenario<Facts>('descriptors')).filter(([, count]) => count !== 0);
  expect(leaks).toEqual([]);
});
