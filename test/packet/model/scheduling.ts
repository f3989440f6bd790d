// SPDX-License-Identifier: MIT
// The model's services, servers and schedulers, after the rules that ipvsadm's manual and IPVS's sources give.
import { type Address, folded } from './address.ts';
import { maglev, siphash } from './maglev.ts';
import type { Packet } from './parse.ts';

export interface Server {
  readonly name: number;
  readonly address: Address;
  /** 0 keeps the client's port. */
  readonly port: number;
  weight: number;
  /** The last one that was not 0. */
  mhWeight: number;
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
  /** Where its clients go; port 0: any. A mark has none. */
  readonly vip: { readonly address: Address; readonly port: number; readonly protocol: number } | undefined;
  readonly scheduler: 'rr' | 'wrr' | 'lc' | 'wlc' | 'sed' | 'nq' | 'fo' | 'ovf' | 'sh' | 'dh' | 'mh';
  /** sh-port, mh-port. */
  readonly hashesPort: boolean;
  /** sh-fallback, mh-fallback. */
  readonly fallsBack: boolean;
  readonly onePacket: boolean;
  /** Ticks; 0: not persistent. */
  readonly persistence: number;
  readonly prefix: number;
  /** A mark or a port-0 service: with persistence the client's port is kept. */
  readonly isGroup: boolean;
  /** Of port 21: it takes other ports for FTP's data. */
  readonly isFtp: boolean;
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

const heaviest = (servers: readonly Server[]): Server | undefined => least(servers, ({ weight }) => -weight);

/** The expected delay of one more, by active connections alone. */
const delay = ({ active, weight }: Server): number => (active + 1) / weight;

const idle = ({ active }: Server): boolean => active === 0;

/** The kernel's hash_32, as far as 256 slots. */
const slotOf = (value: number): number => Math.imul(value, 0x61c88647) >>> 24;

const hashed = (client: Address, port: number): number => (folded(client) + port) >>> 0;

/** Each server stands as often in a row as it weighs, over and over. */
function inSlot(servers: readonly Server[], slot: number): Server | undefined {
  const row = servers.flatMap((server) => new Array<Server>(Math.max(server.weight, 1)).fill(server));
  const server = row[slot % row.length];
  return server && takes(server) ? server : undefined;
}

function sh({ servers, fallsBack, hashesPort }: Service, p: Packet): Server | undefined {
  const slot = slotOf(hashed(p.source, hashesPort ? p.sourcePort : 0));
  const server = inSlot(servers, slot);
  for (let k = 0; !server && fallsBack && k < 256; k++) {
    const other = inSlot(servers, (2 * slot + k) % 256);
    if (other) return other;
  }
  return server;
}

/** Weights do not count. */
function dh({ servers }: Service, { destination }: Packet): Server | undefined {
  const server = servers[slotOf(folded(destination)) % servers.length];
  return server && takes(server) ? server : undefined;
}

function mh({ servers, fallsBack, hashesPort }: Service, p: Packet): Server | undefined {
  const value = hashed(p.source, hashesPort ? p.sourcePort : 0);
  const table = maglev(servers);
  const taking = (shifted: number): Server | undefined => {
    const server = servers[table[siphash(shifted) % table.length] ?? -1];
    return server && takes(server) ? server : undefined;
  };
  const server = taking(value);
  if (server || !fallsBack || !servers.some(takes)) return server;
  const start = siphash(value);
  for (let k = 0; ; k++) {
    const other = taking((value + ((k + start) % table.length)) >>> 0);
    if (other) return other;
  }
}

/** The server for a new connection, if any takes one. */
export function schedule(service: Service, p: Packet): Server | undefined {
  const { servers } = service;
  switch (service.scheduler) {
    case 'rr':
      return rr(service);
    case 'wrr':
      return wrr(service);
    case 'lc':
      return least(servers, load);
    case 'wlc':
      return least(servers, (server) => load(server) / server.weight);
    case 'sed':
      return least(servers, delay);
    case 'nq':
      return servers.find((server) => takes(server) && idle(server)) ?? least(servers, delay);
    case 'fo':
      return heaviest(servers);
    case 'ovf':
      return heaviest(servers.filter(({ active, weight }) => active <= weight));
    case 'sh':
      return sh(service, p);
    case 'dh':
      return dh(service, p);
    case 'mh':
      return mh(service, p);
  }
}
