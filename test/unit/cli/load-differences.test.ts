// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { loadDifferences } from '../../../src/cli/load-differences.ts';
import { formatDifference } from '../../../src/control/diff.ts';
import type { Config, Interface } from '../../../src/model/model.ts';
import { configOf } from '../daemon/fake-daemon.ts';
import { sampleRouter } from './sample-router.ts';

const SAME_TABLES = { connections: 1_000_000, persistence: 100_000, fragments: 10_000 };
const at = (device: string, role: Interface['role']): Interface => ({ device, role, mode: 'auto', addresses: [] });
const lines = (change: Partial<Config>) =>
  loadDifferences(sampleRouter(), configOf({ tables: SAME_TABLES, interfaces: [at('eth0', 'public')], ...change })).map(
    formatDifference,
  );

test('interfaces that are gone, new, not attached or of another role differ', () => {
  expect(lines({})).toEqual(['- interface eth1']);
  expect(lines({ interfaces: [at('eth0', 'private'), at('eth1', 'private'), at('eth2', 'public')] })).toEqual([
    '~ interface eth0: role public -> private',
    '~ interface eth1: not attached -> attached',
    '+ interface eth2: public',
  ]);
});

test('tables of another size differ', () => {
  expect(lines({ tables: { ...SAME_TABLES, fragments: 5000 } })).toContain(
    '~ tables: fragments 10000 -> 5000 (takes `xlvs down` first: a table keeps its size while it runs)',
  );
  expect(lines({ tables: { ...SAME_TABLES, persistence: 5 } })).toContain(
    '~ tables: persistence 100000 -> 5 (takes `xlvs down` first: a table keeps its size while it runs)',
  );
});
