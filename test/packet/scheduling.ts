// SPDX-License-Identifier: MIT
// New connections one after the other, and which server each of them got.
import { frames } from './conversation.ts';
import { CLIENT, type Endpoint, VIP } from './roles.ts';
import type { Router } from './router.ts';
import { NO_LOAD, type ServiceFixture } from './service-fixture.ts';

let port = 1024;

/** A port that no connection of this file has had. */
export const freshPort = (): number => port++;

/** The last number of the server's address, or what became of the packet instead: `none` if no server was free. */
export function chosen(router: Router, client: Endpoint, vip: Endpoint = VIP): string {
  const outcome = router.receive(frames({ client, vip }).request({ flags: 'S' }));
  if (outcome.reason === 'no_server') return 'none';
  if (outcome.action !== 'forwarded') return `${outcome.action}: ${outcome.reason}`;
  // the destination ends the header
  return String(Number.parseInt(outcome.frame?.split(' ')[1]?.slice(-2) ?? '', 16));
}

/** The choices for this many new connections of one client, each from a port of its own: `3 2 1`. */
export function choices(router: Router, count: number, vip: Endpoint = VIP): string {
  return Array.from({ length: count }, () => chosen(router, { ...CLIENT, port: freshPort() }, vip)).join(' ');
}

/** Connections that each server has now, as [active, inactive]. */
export function loads(router: Router, service: ServiceFixture, counts: readonly [Endpoint, number, number][]): void {
  for (const [server, active, inactive] of counts)
    router.tables.serverLoads.set(service.slot(server), { ...NO_LOAD, active, inactive });
}
