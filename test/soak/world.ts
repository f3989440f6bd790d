// SPDX-License-Identifier: MIT
// The soak's network: a router that runs xlvs, servers that never go and one that does, both families.
import { startHttpServer } from '../../src/lab/http-server.ts';
import { ipv6Of } from '../../src/lab/topology.ts';
import { startUdpServer } from '../../src/lab/udp-server.ts';
import { Rig, type RigConfig, VIP } from '../net/rig.ts';

export const VIP6 = ipv6Of(VIP);
export const HTTP_PORTS = { steady: 80, flapping: 81, marked: 8080, persistent: 443 };
export const UDP_PORT = 5353;
export const CONNECTIONS = 131_072;

/** What reloads change: weights of the third server's services, and whether there is a service that nobody uses. */
export interface Mood {
  readonly weight: number;
  readonly hasExtra: boolean;
  readonly hasThird: boolean;
}

type Services = NonNullable<RigConfig['services']>;

function servicesOf(address: string, serverAddress: (n: number) => string, suffix: string, mood: Mood): Services {
  const [first, second, third] = [1, 2, 3].map((n) => ({ address: serverAddress(n) }));
  const steady = [first, { ...second, weight: 2 }] as { address: string }[];
  const flapping = [first, ...(mood.hasThird ? [{ ...third, weight: mood.weight }] : [])] as { address: string }[];
  const tcp = { protocol: 'tcp', address } as const;
  return [
    { ...tcp, name: `steady${suffix}`, port: HTTP_PORTS.steady, scheduler: 'wrr', servers: steady },
    { ...tcp, name: `flapping${suffix}`, port: HTTP_PORTS.flapping, scheduler: 'wlc', servers: flapping },
    {
      ...tcp,
      name: `persistent${suffix}`,
      port: HTTP_PORTS.persistent,
      scheduler: 'lc',
      persistence: { timeout: 20 },
      servers: steady,
    },
    { name: `udp${suffix}`, protocol: 'udp', address, port: UDP_PORT, scheduler: 'rr', servers: steady },
    ...(mood.hasExtra ? [{ ...tcp, name: `extra${suffix}`, port: 82, servers: steady }] : []),
  ];
}

/** Short timeouts where they can be set, so that what is left over shows soon after the end. */
export function configOf(mood: Mood): RigConfig {
  return {
    interfaces: [
      { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, `${VIP6}/64`] },
      { device: 'prv0', role: 'private' },
    ],
    marks: [{ mark: 80, protocol: 'tcp', address: VIP, ports: [HTTP_PORTS.marked, '9000-9100'] }],
    services: [
      ...servicesOf(VIP, (n) => `10.0.0.${n}`, '', mood),
      ...servicesOf(VIP6, (n) => ipv6Of(`10.0.0.${n}`), '6', mood),
      { name: 'marked', mark: 80, scheduler: 'sh', servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }] },
    ],
    timeouts: { tcp: 60, tcpfin: 10, udp: 10 },
    tables: { connections: CONNECTIONS, persistence: 4096, fragments: 4096 },
  };
}

export const CALM: Mood = { weight: 1, hasExtra: false, hasThird: true };

export async function makeWorld(): Promise<Rig> {
  const rig = await Rig.create({ name: 'soak', clients: 3, servers: 3, ipv6: true }, configOf(CALM));
  for (const server of rig.lab.servers) {
    await startHttpServer(server, Object.values(HTTP_PORTS), '::');
    await startUdpServer(server, UDP_PORT);
    await startUdpServer(server, UDP_PORT, ipv6Of(server.address));
  }
  return rig;
}
