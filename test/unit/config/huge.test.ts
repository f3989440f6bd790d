// SPDX-License-Identifier: MIT
// Files of a size at which work that grows with its square takes minutes: each is read, or refused, within the test's time
// limit, which is many times what it takes.
import { expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read-config.ts';
import { answerTo } from './fuzz/answer.ts';

const LIMIT_MS = 20_000;
const HEAD = 'interfaces: [{ device: eth0, role: public }]\n';
const many = (count: number, one: (i: number) => string, separator = '\n') =>
  Array.from({ length: count }, (_, i) => one(i)).join(separator);
const address = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const service = 'services:\n  - name: a\n    protocol: tcp\n    address: 192.0.2.10\n    port: 80\n    servers:\n';

it.each([
  ['servers', 30_000, (n: number) => HEAD + service + many(n, (i) => `      - { address: ${address(i + 1)} }`)],
  ['comments', 100_000, (n: number) => HEAD + many(n, () => '# text')],
] as const)('a long list of %s is read', { timeout: LIMIT_MS }, (_, count, text) => {
  const result = answerTo(text(count).replaceAll('10.0.0.', '11.0.0.'));
  expect(result.problems).toBeUndefined();
});

const REFUSED: readonly (readonly [string, number, (n: number) => string])[] = [
  ['unknown keys', 80_000, (n) => HEAD + many(n, (i) => `k${i}: 1`)],
  ['keys given twice', 40_000, (n) => HEAD + many(n, () => 'a: 1')],
  [
    'servers without an address',
    30_000,
    (n) => `${HEAD}services:\n  - servers:\n${many(n, (i) => `      - { address: x${i} }`)}`,
  ],
  ['servers given twice', 20_000, (n) => HEAD + service + many(n, () => '      - { address: 10.0.0.1 }')],
  ['aliases of a wrong value', 20_000, (n) => `${HEAD}x: &a { address: x }\nservices:\n${many(n, () => '  - *a')}`],
  ['anchors', 40_000, (n) => `x:\n${many(n, (i) => `  - &a${i} 1`)}\ny:\n${many(n, (i) => `  - *a${i}`)}`],
  [
    'merges of one mapping',
    40_000,
    (n) => `x: &a { ${many(n, (i) => `k${i}: 1`, ', ')} }\ny: { <<: [${many(n, () => '*a', ', ')}] }`,
  ],
  [
    'merges of one list',
    20_000,
    (n) =>
      `m:\n${many(n, (i) => `  - &a${i} { k: 1 }`)}\ns: &s [${many(n, (i) => `*a${i}`, ', ')}]\ny:\n${many(n, () => '  - { <<: *s }')}`,
  ],
  [
    'merges of merges',
    20_000,
    (n) => `x:\n  - &a0 { k: 1 }\n${many(n, (i) => `  - &a${i + 1} { <<: *a${i}, k${i}: 1 }`)}`,
  ],
  ['open brackets', 100_000, (n) => '['.repeat(n)],
  ['open mappings', 3_000, (n) => many(n, (i) => `${' '.repeat(i)}a:`)],
  ['colons', 100_000, (n) => ': '.repeat(n)],
  ['errors', 40_000, (n) => HEAD + many(n, () => '@ `')],
];

it.each(REFUSED)('a lot of %s is refused', { timeout: LIMIT_MS }, (_, count, text) => {
  expect(readConfig(text(count), 'f').problems?.length).toBeGreaterThan(0);
});

it('rules for a great many addresses take no memory for each port of each', { timeout: LIMIT_MS }, () => {
  const rule = (i: number) => `  - { mark: ${i + 1}, protocol: tcp, address: ${address(i)}, ports: [80] }`;
  const before = process.memoryUsage().arrayBuffers;
  const text = `${HEAD}marks:\n${many(20_000, rule)}`;
  expect(readConfig(text, 'f').config?.marks).toHaveLength(20_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
});
