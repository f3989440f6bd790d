// SPDX-License-Identifier: MIT
// The services and servers a filter leaves.
import type { Filter, ServerStatistics, ServiceStatistics } from '../dataplane/data-plane.ts';

/** With `server`, services that have it, and of their servers only it. */
export function selectServices(all: readonly ServiceStatistics[], filter: Filter): ServiceStatistics[] {
  const { service, server } = filter;
  const named = service === undefined ? all : all.filter(({ name }) => name === service);
  if (server === undefined) return [...named];
  return named
    .map((one) => ({ ...one, servers: one.servers.filter(({ address }) => address === server) }))
    .filter(({ servers }) => servers.length > 0);
}

export interface ServerRow {
  readonly service: string;
  readonly server: ServerStatistics;
}

export function selectServers(all: readonly ServiceStatistics[], filter: Filter): ServerRow[] {
  return selectServices(all, filter).flatMap(({ name, servers }) =>
    servers.map((server) => ({ service: name, server })),
  );
}
