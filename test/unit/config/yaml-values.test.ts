// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { YamlSource } from '../../../src/config/yaml-source.ts';

it('gives every use of an alias a copy of its own', () => {
  const { a, b } = new YamlSource('a: &x {c: 1}\nb: *x\n').value as Record<string, unknown>;
  expect(a).toEqual(b);
  expect(a).not.toBe(b);
});

it('keeps a key called __proto__ a key', () => {
  const value = new YamlSource('__proto__: { polluted: 1 }').value as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect('polluted' in {}).toBe(false);
});

it('stops an alias bomb at its number of values', () => {
  const steps = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`);
  const source = new YamlSource(['a0: &a0 [x]', ...steps].join('\n'));
  expect(source.value).toBeUndefined();
  expect(source.faults[0]).toMatchObject({ found: 'more than 1000000 values' });
});

it.each(['a: &a [*a]', `${'['.repeat(80)}${']'.repeat(80)}`])('stops at a depth that no config has: %s', (text) => {
  expect(new YamlSource(text).faults[0]).toMatchObject({ found: 'values nested deeper than 64 levels' });
});

it('takes -0 as 0', () => {
  expect(new YamlSource('[-0, -0.0, 0]').value).toEqual([0, 0, 0]);
});
