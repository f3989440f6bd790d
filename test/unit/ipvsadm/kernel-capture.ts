// SPDX-License-Identifier: MIT
// The router of the captures: what kernel IPVS had been told and what it showed, without what xlvs does not have.
import type { Connection, Counters, PersistenceEntry } from '../../../src/dataplane/data-plane.ts';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import type { Protocol } from '../../../src/model/model.ts';
import { fakeIpvsadm, golden } from './fake-ipvsadm.ts';

/** With a persistence engine. */
const MISSING = /10\.0\.0\.10:(5060|sip)/;

/** A capture without the service xlvs does not have; servers reached directly or by tunnel are reached by NAT. */
export function possible(name: string): string {
  let isMissing = false;
  const lines = golden(name).split('\n');
  const kept = lines.filter((line) => {
    if (!line.startsWith('  ->') || line.startsWith('  -> Remote')) isMissing = MISSING.test(line);
    return !isMissing;
  });
  return kept
    .join('\n')
    .replace('-r 192.168.22.10:0 -g', '-r 192.168.22.10:0 -m')
    .replace(/-i (-w 1) --tun.*/g, '-m $1')
    .replace(/Route {3}|Tunnel {2}/g, 'Masq    ')
    .replace(/(Masq {4})(?:ipip|gre|gue)\S* +/g, '$1n/a           ');
}

const bigints = (text: string): bigint[] => text.trim().split(/ +/).map(BigInt);

/** Counters by `service address:port`, from the capture of --stats. */
function countersOf(capture: string): Record<string, Counters> {
  const counters: Record<string, Counters> = {};
  let service = '';
  for (const line of capture.split('\n')) {
    service = /^(?:TCP|UDP|SCTP|FWM) +(\S+)/.exec(line)?.[1] ?? service;
    const [, place = '', numbers = ''] = /^ {2}-> (\S+) +(\d.*)$/.exec(line) ?? [];
    if (numbers === '') continue;
    const [connections = 0n, incomingPackets = 0n, outgoingPackets = 0n, incomingBytes = 0n, outgoingBytes = 0n] =
      bigints(numbers);
    counters[`${service} ${place}`] = { connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes };
  }
  return counters;
}

const place = (text: string) => {
  const at = text.lastIndexOf(':');
  return { address: text.slice(0, at).replace(/[[\]]/g, ''), port: Number(text.slice(at + 1)) };
};

interface Seen {
  readonly connections: Connection[];
  readonly persistence: PersistenceEntry[];
}

/** `nameOf` a place of a service: `10.0.0.10:80`. */
function seenOf(capture: string, nameOf: (virtual: string) => string): Seen {
  const seen: Seen = { connections: [], persistence: [] };
  for (const line of capture.split('\n').slice(2).filter(Boolean)) {
    const [protocol = '', clock = '', state = '', client = '', virtual = '', server = ''] = line.split(/ +/);
    const [minutes = 0, seconds = 0] = clock.split(':').map(Number);
    const expires = minutes * 60 + seconds + 0.9;
    const service = nameOf(virtual);
    const ends = { expires, service, server: place(server) };
    if (state === 'ASSURED')
      seen.persistence.push({ ...ends, client: `${place(client).address}/32`, timeout: 600, active: 0, assured: true });
    else
      seen.connections.push({
        ...{ ...ends, state, client: place(client), virtual: place(virtual), persistent: false },
        protocol: protocol.toLowerCase() as Protocol,
      });
  }
  return seen;
}

/** The services told by -R, in the order in which the captured kernel had been told, then what it showed of them. */
export async function captured(): Promise<MemoryDataPlane> {
  const router = new MemoryDataPlane();
  const { status, err } = await fakeIpvsadm(router).run('-R', possible('save'));
  if (status !== 0) throw new Error(err);
  const names = new Map(router.contents.services.map(({ name, key }) => [textOf(key), name]));
  const nameOf = (virtual: string) => names.get(virtual) ?? names.get(virtual.replace(/:\d+$/, ':0')) ?? '';
  const counters = Object.entries(countersOf(possible('listing.stats')));
  router.contents.counters = Object.fromEntries(
    counters.map(([key, value]) => {
      const [service = '', server = ''] = key.split(' ');
      return [`${nameOf(service)} ${server.replace(/[[\]]/g, '')}`, value];
    }),
  );
  Object.assign(router.contents, seenOf(possible('connections'), nameOf));
  const web = router.contents.services.find(({ name }) => name === 'tcp-10.0.0.10-80');
  if (web) Object.assign(web.servers[1] as object, { upperThreshold: 100, lowerThreshold: 50 });
  return router;
}

function textOf(key: MemoryDataPlane['contents']['services'][number]['key']): string {
  if (key.kind === 'mark') return String(key.mark);
  return key.address.includes(':') ? `[${key.address}]:${key.port}` : `${key.address}:${key.port}`;
}
