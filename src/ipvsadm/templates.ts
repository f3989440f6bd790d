// SPDX-License-Identifier: MIT
// Persistence entries as IPVS shows them: templates among the connections, with a state of their own.
import type { DataPlane } from '../dataplane/data-plane.ts';
import type { ServiceKey } from '../model/model.ts';
import { type Row, templateRow } from './list-connections.ts';

export function* templatesOf(router: DataPlane): Iterable<Row> {
  const keys = new Map<string | undefined, ServiceKey>(router.state().services.map(({ name, key }) => [name, key]));
  for (const entry of router.persistence()) {
    const row = templateRow(entry, entry.key ?? keys.get(entry.service));
    if (row) yield row;
  }
}
