// SPDX-License-Identifier: MIT
import type { Logger } from 'pino';
import { expect, test } from 'vitest';
import { FullTableWatch } from '../../../src/daemon/full-table-watch.ts';
import type { DataPlane } from '../../../src/dataplane/data-plane.ts';

const EMPTY = { entries: 0, capacity: 1000 };

test('of the two tables of connections it is the fuller one', () => {
  const lines: string[] = [];
  const fill = { connections: EMPTY, ipv6_connections: { entries: 999, capacity: 1000 }, persistence: EMPTY };
  const router = { reasons: () => ({ drops: { table_full: 1n }, passes: {}, events: {} }), fill: () => fill };
  const log = { error: (line: string) => lines.push(line) } as unknown as Logger;
  new FullTableWatch(log).look(router as unknown as DataPlane);
  expect(lines[0]).toContain('table ipv6_connections is full (999 of 1000)');
  expect(lines[0]).toContain('raise tables.ipv6-connections');
});

test('a full table is told of with its size, what was lost and the cure, once a minute', () => {
  let dropped = 0n;
  let now = 0;
  const lines: string[] = [];
  const router = {
    reasons: () => ({ drops: { table_full: dropped }, passes: {}, events: {} }),
    fill: () => ({ connections: { entries: 2000, capacity: 2000 }, ipv6_connections: EMPTY, persistence: EMPTY }),
  } as unknown as DataPlane;
  const log = { error: (line: string) => lines.push(line) } as unknown as Logger;
  const watch = new FullTableWatch(log, () => now);
  watch.look(router);
  expect(lines).toEqual([]);
  dropped = 968n;
  watch.look(router);
  now = 5_000;
  dropped = 1000n;
  watch.look(router);
  const cure = 'raise tables.connections in the config file, then `xlvs down` and start again';
  expect(lines).toEqual([`table connections is full (2000 of 2000): 968 new connections refused; ${cure}`]);
  now = 60_000;
  watch.look(router);
  expect(lines[1]).toContain('32 new connections refused');
});
