// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { Exposition, labelSet } from '../../../src/metrics/exposition.ts';

test('a text of megabytes, with letters of several bytes, is whole', () => {
  const out = new Exposition();
  const sample = out.metric('x', 'gauge', 'Line one.\nLine two.');
  const expected = ['# HELP x Line one.\\nLine two.', '# TYPE x gauge'];
  for (let i = 0; i < 50_000; i++) {
    const labels = labelSet({ name: `größe-${i}-大きさ` });
    sample(i, labels);
    expected.push(`x${Buffer.from(labels)} ${i}`);
  }
  expect(Buffer.concat(out.chunks()).toString() === `${expected.join('\n')}\n`).toBe(true);
});

test('a metric without labels has no braces', () => {
  const out = new Exposition();
  out.metric('x_total', 'counter', 'Things.')(12n);
  expect(Buffer.concat(out.chunks()).toString()).toBe('# HELP x_total Things.\n# TYPE x_total counter\nx_total 12\n');
  expect(labelSet({})).toHaveLength(0);
});
