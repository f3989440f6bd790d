// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderMetrics } from '../../../src/metrics/render-metrics.ts';
import { sampleRouter } from '../cli/sample-router.ts';

const docs = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

test('docs/metrics.md lists exactly the series there are, with their types', () => {
  const listed = [...docs.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, type]) => `${name} ${type}`);
  const text = Buffer.concat(renderMetrics(sampleRouter(), '1')).toString();
  const served = [...text.matchAll(/^# TYPE (.+)$/gm)].map(([, line]) => line);
  expect(listed.sort()).toEqual(served.sort());
});

test('docs/metrics.md names the tables there are', () => {
  const [, row = ''] = /^\| `xlvs_table_entries` \|.*`table` \| (.+) \|$/m.exec(docs) ?? [];
  expect([...row.matchAll(/`(\w+)`/g)].map(([, table]) => table)).toEqual(Object.keys(sampleRouter().fill()));
});
