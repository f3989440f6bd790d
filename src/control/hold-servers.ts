// SPDX-License-Identifier: MIT
// After an edit: the next hops of servers that are new are kept resolved like those of the file's.
import type { DataPlane } from '../dataplane/data-plane.ts';
import { readApplied } from './applied.ts';
import { holdNeighbours } from './machine-journal.ts';

/** Throws XlvsError when the machine does not let itself be asked; the edit itself is done by then. */
export function holdServers(router: DataPlane): void {
  const applied = readApplied(router);
  if (applied) holdNeighbours(router, applied);
}
