// SPDX-License-Identifier: MIT
// Says that a table is full: what was refused since the last word, and the cure. At most once a minute, not once a packet.
import type { Logger } from 'pino';
import { fullTableCure } from '../control/words.ts';
import type { DataPlane, TableFill } from '../dataplane/data-plane.ts';

const QUIET_MS = 60_000;

/** Which counter tells of which table, and what it costs. */
const SIGNS = [
  { table: 'connections', kind: 'drops', reason: 'table_full', loss: 'new connections refused' },
  { table: 'persistence', kind: 'events', reason: 'persistence_full', loss: 'connections made without persistence' },
] as const;

export class FullTableWatch {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #told = new Map<string, { count: bigint; at: number }>();

  /** `now` in milliseconds. */
  constructor(log: Logger, now: () => number = Date.now) {
    this.#log = log;
    this.#now = now;
  }

  look(router: DataPlane): void {
    const reasons = router.reasons();
    for (const { table, kind, reason, loss } of SIGNS) {
      const count = reasons[kind][reason] ?? 0n;
      const told = this.#told.get(table) ?? { count: 0n, at: -QUIET_MS };
      if (count <= told.count || this.#now() - told.at < QUIET_MS) continue;
      this.#told.set(table, { count, at: this.#now() });
      const [name, { entries, capacity }] = fullest(router, table);
      this.#log.error(
        `table ${name} is full (${entries} of ${capacity}): ${count - told.count} ${loss}; ${fullTableCure(name)}`,
      );
    }
  }
}

/** Connections are in a table for each family, counted as one. */
function fullest(router: DataPlane, table: (typeof SIGNS)[number]['table']): [string, TableFill] {
  const fill = router.fill();
  const { connections, ipv6_connections: ipv6 } = fill;
  const isIpv6 = table === 'connections' && ipv6.entries * connections.capacity > connections.entries * ipv6.capacity;
  return isIpv6 ? ['ipv6_connections', ipv6] : [table, fill[table]];
}
