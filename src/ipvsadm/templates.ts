// SPDX-License-Identifier: MIT
// Persistence entries as IPVS shows them: templates among the connections, with a state of their own.
import type { Connection, DataPlane, PersistenceEntry } from '../dataplane/data-plane.ts';
import type { ServiceKey } from '../model/model.ts';
import { networkOf } from '../net/prefix.ts';
import { type Row, templateRow } from './list-connections.ts';

const HALF_OPEN: readonly string[] = ['NONE', 'SYN_SENT', 'SYN_RECV', 'SYNACK'];

const groupOf = (service: string | undefined, network: string): string => `${service} ${network}`;

/**
 * Whether connections of a service's client networks were ever established, by `groupOf`; none where there are none left.
 * IPVS notes it in the template, xlvs does not: an entry whose connections are all half-open is the one not assured.
 */
function assuranceOf(connections: readonly Connection[], lengths: ReadonlyMap<string | undefined, string>) {
  const assured = new Map<string, boolean>();
  for (const { persistent, service, client, state } of connections) {
    const length = persistent ? lengths.get(service) : undefined;
    if (length === undefined) continue;
    const group = groupOf(service, `${networkOf(client.address, Number(length))}/${length}`);
    assured.set(group, assured.get(group) === true || !HALF_OPEN.includes(state));
  }
  return assured;
}

const lengthOf = (entry: PersistenceEntry): string => entry.client.split('/')[1] as string;

export function* templatesOf(router: DataPlane, connections: readonly Connection[]): Iterable<Row> {
  const keys = new Map<string | undefined, ServiceKey>(router.state().services.map(({ name, key }) => [name, key]));
  const entries = [...router.persistence()];
  const assured = assuranceOf(connections, new Map(entries.map((entry) => [entry.service, lengthOf(entry)])));
  for (const entry of entries) {
    const isAssured = assured.get(groupOf(entry.service, entry.client)) ?? true;
    const row = templateRow(entry, entry.key ?? keys.get(entry.service), isAssured);
    if (row) yield row;
  }
}
