// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { YamlSource } from '../../../src/config/yaml-source.ts';

const plainOf = (text: string) => JSON.parse(JSON.stringify(new YamlSource(text).value));

it('lets a mapping’s own keys win over merged ones, and earlier merges over later ones', () => {
  expect(plainOf('x: &x {a: 1, b: 1, c: 1}\ny: &y {b: 2, c: 2, d: 2}\nz: {c: 3, <<: [*x, *y]}\n').z).toEqual({
    a: 1,
    b: 1,
    c: 3,
    d: 2,
  });
});

it('takes an alias as the last anchor before it', () => {
  expect(plainOf('a: &x 1\nb: *x\nc: &x 2\nd: *x\n')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
});

it('takes a quoted << as an ordinary key', () => {
  expect(plainOf('a: {"<<": 1}')).toEqual({ a: { '<<': 1 } });
});

it('ends when a mapping merges itself, and when merges double at every step', () => {
  expect(plainOf('a: &a {<<: *a, b: 1}')).toEqual({ a: { b: 1 } });
  const steps = Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}], k${i}: 1}`);
  expect(Object.keys(plainOf(['a0: &a0 {x: 1}', ...steps].join('\n')).a60)).toHaveLength(61);
});

it('stops where merges look at more values than a file may have', () => {
  const maps = Array.from({ length: 1001 }, (_, i) => `  - &a${i} {k: 1}`);
  const list = `s: &s [${Array.from({ length: 1001 }, (_, i) => `*a${i}`).join(', ')}]`;
  const merges = Array.from({ length: 1001 }, () => '  - {<<: *s}');
  const source = new YamlSource(['m:', ...maps, list, 'y:', ...merges].join('\n'));
  expect(source.value).toBeUndefined();
  expect(source.faults).toMatchObject([{ found: 'merges (<<) of more than 1000000 values' }]);
});
