// SPDX-License-Identifier: MIT
// What the tests of connections begin with: a router that is reset before each test, and a connection whose data flows.
import { afterAll, beforeEach, expect } from 'vitest';
import type { Frames } from './conversation.ts';
import type { TableSizes } from './packet-object.ts';
import { Router } from './router.ts';

export const syn = { flags: 'S' };
export const udp = { protocol: 'udp' } as const;

/** A router for the tests of a file, or of the `describe` that calls this: reset before each, closed after the last. */
export function freshRouter(sizes: Partial<TableSizes> = {}): Router {
  const router = Router.open(sizes);
  beforeEach(() => router.reset());
  afterAll(() => router.close());
  return router;
}

/** Everything a client sends until data flows. */
export function establish(router: Router, f: Frames): void {
  for (const frame of [f.request(syn), f.request()])
    expect(router.receive(frame)).toMatchObject({ action: 'forwarded' });
}
