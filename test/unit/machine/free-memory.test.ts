// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { freePages } from '../../../src/machine/free-memory.ts';

test('counts free pages and those of buffers', () => {
  const meminfo =
    'MemTotal:       24571936 kB\nMemFree:            4000 kB\nMemAvailable:   23500000 kB\nBuffers:              96 kB\n';
  expect(freePages(meminfo)).toBe(1024);
});

test('reads this machine’s', () => {
  expect(freePages()).toBeGreaterThan(1024);
});
