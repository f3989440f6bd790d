// SPDX-License-Identifier: MIT
// The model's view of a packet's source as a place where servers listen.
import type { Packet } from './parse.ts';
import type { Server, Service } from './scheduling.ts';

export interface Listening {
  readonly service: Service;
  readonly server: Server;
  /** 0: wherever its clients went */
  readonly port: number;
}

/** Every server that may have sent this packet. */
function sendersOf(p: Packet, services: readonly Service[]): Listening[] {
  return services
    .filter(({ vip }) => !vip || vip.protocol === p.protocol)
    .flatMap((service) =>
      service.servers
        .filter(({ address }) => address === p.source)
        .map((server) => ({ service, server, port: server.port || (service.vip?.port ?? 0) })),
    )
    .filter(({ port }) => port === p.sourcePort || port === 0);
}

/** Does a server listen there, at a port that is known? */
export const isFromListener = (p: Packet, services: readonly Service[]): boolean =>
  sendersOf(p, services).some(({ port }) => port === p.sourcePort && port !== 0);

/** The only server whose answer this can be, of a service with one address and one port. */
export function onlySender(p: Packet, services: readonly Service[]): Listening | undefined {
  const [only, ...others] = sendersOf(p, services);
  return only?.service.vip?.port && others.length === 0 ? only : undefined;
}
