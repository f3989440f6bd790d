// SPDX-License-Identifier: MIT
// The model's services, servers and schedulers, after the rules that ipvsadm's manual and IPVS's sources give.

export interface Server {
  readonly name: number;
  readonly address: number;
  /** 0 keeps the client's port. */
  readonly port: number;
  weight: number;
  /** Thresholds; 0: none. */
  upper: number;
  lower: number;
  overloaded: boolean;
  live: boolean;
  active: number;
  inactive: number;
}

export interface Service {
  readonly id: number;
  readonly scheduler: 'rr' | 'wrr' | 'lc' | 'wlc' | 'sh';
  /** Ticks; 0: not persistent. */
  readonly persistence: number;
  readonly prefix: number;
  /** A mark or a port-0 service: with persistence the client's port is kept. */
  readonly isGroup: boolean;
  /** Newest first. */
  servers: Server[];
  last: Server | undefined;
  weight: number;
}

const takes = ({ weight, overloaded }: Server): boolean => weight > 0 && !overloaded;

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** An active connection weighs 256 more than an inactive one, and counts among all. */
const load = (server: Server): number => server.active * 257 + server.inactive;

function rr(service: Service): Server | undefined {
  const { servers, last } = service;
  const start = last ? servers.indexOf(last) : -1;
  for (let i = 1; i <= servers.length; i++) {
    const server = servers[(start + i) % servers.length] as Server;
    if (!takes(server)) continue;
    service.last = server;
    return server;
  }
  return undefined;
}

function wrr(service: Service): Server | undefined {
  const { servers } = service;
  const weights = servers.map(({ weight }) => weight);
  const step = weights.reduce(divisor, 0) || 1;
  const top = Math.max(0, ...weights) - (step - 1);
  if (top === 0 || servers.length === 0) return undefined;
  let position = service.last ? servers.indexOf(service.last) : -1;
  for (;;) {
    if (++position === servers.length) {
      position = 0;
      service.weight -= step;
      if (service.weight <= 0) service.weight = top;
    }
    const server = servers[position] as Server;
    if (server.weight === 0 || server.weight < service.weight) continue;
    service.last = server;
    return server;
  }
}

/** The first of those with the smallest measure. */
function least(servers: readonly Server[], measure: (server: Server) => number): Server | undefined {
  const able = servers.filter(takes);
  const smallest = Math.min(...able.map(measure));
  return able.find((server) => measure(server) === smallest);
}

function sh({ servers }: Service, client: number): Server | undefined {
  if (servers.length === 0) return undefined;
  const slot = Math.imul(client, 0x61c88647) >>> 24;
  let filled = 0;
  for (let i = 0; ; i++) {
    const server = servers[i % servers.length] as Server;
    filled += Math.max(server.weight, 1);
    if (slot < filled) return takes(server) ? server : undefined;
  }
}

/** The server for a new connection, if any takes one. */
export function schedule(service: Service, client: number): Server | undefined {
  switch (service.scheduler) {
    case 'rr':
      return rr(service);
    case 'wrr':
      return wrr(service);
    case 'lc':
      return least(service.servers, load);
    case 'wlc':
      return least(service.servers, (server) => load(server) / server.weight);
    case 'sh':
      return sh(service, client);
  }
}
