// SPDX-License-Identifier: MIT
// A small router that runs: two services, three servers, a few connections.
import type { Counters } from '../../../src/dataplane/data-plane.ts';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';

const counters = (connections: bigint, packets: bigint, bytes: bigint): Counters => ({
  connections,
  incomingPackets: packets,
  incomingBytes: bytes,
  outgoingPackets: packets * 2n,
  outgoingBytes: bytes * 10n,
});

const VIP = '192.0.2.10';
const at = (address: string, port: number) => ({ address, port });

export function sampleRouter(): MemoryDataPlane {
  return new MemoryDataPlane({
    interfaces: [
      { device: 'eth0', ifindex: 2, role: 'public', mode: 'native' },
      { device: 'eth1', ifindex: 3, role: 'private', mode: undefined },
    ],
    marks: [
      {
        mark: 80,
        protocol: 'tcp',
        address: `${VIP}/32`,
        ports: [
          { first: 80, last: 80 },
          { first: 443, last: 443 },
        ],
      },
      {
        mark: 7,
        protocol: 'udp',
        address: '192.0.2.0/28',
        ports: [{ first: 0, last: 65535 }],
        source: '198.51.100.0/24',
      },
    ],
    services: [
      {
        name: 'web',
        key: { kind: 'address', protocol: 'tcp', address: VIP, port: 8080 },
        scheduler: 'wrr',
        servers: [
          { address: '10.0.0.1', port: 80, weight: 2 },
          { address: '10.0.0.2', port: 80, weight: 0, upperThreshold: 1, lowerThreshold: 1 },
        ],
      },
      {
        name: 'shop',
        key: { kind: 'mark', mark: 80, family: 'ipv4' },
        scheduler: 'wlc',
        persistence: { timeout: 300, prefix: 24 },
        servers: [{ address: '10.0.0.1', port: 0, weight: 1 }],
      },
    ],
    counters: {
      'web 10.0.0.1:80': counters(5n, 40n, 4_000n),
      'shop 10.0.0.1:0': counters(1n, 9n, 9_007_199_254_740_993n),
    },
    connections: [
      {
        protocol: 'tcp',
        state: 'ESTABLISHED',
        expires: 897.4,
        client: at('198.51.100.7', 40000),
        virtual: at(VIP, 8080),
        server: at('10.0.0.1', 80),
        service: 'web',
        persistent: false,
      },
      {
        protocol: 'tcp',
        state: 'FIN_WAIT',
        expires: 61,
        client: at('198.51.100.8', 40001),
        virtual: at(VIP, 8080),
        server: at('10.0.0.2', 80),
        service: 'web',
        persistent: false,
      },
      {
        protocol: 'udp',
        state: 'UDP',
        expires: 4000,
        client: at('198.51.100.9', 53),
        virtual: at(VIP, 53),
        server: at('10.0.0.3', 53),
        service: undefined,
        persistent: false,
      },
    ],
    persistence: [
      {
        client: '198.51.100.0/24',
        service: 'shop',
        server: at('10.0.0.1', 0),
        timeout: 300,
        expires: 299,
        active: 1,
        assured: true,
      },
    ],
    drops: { none: 0n, no_route: 3n, table_full: 12n },
    passes: { no_service: 0n },
    events: { connection_expired: 2n },
  });
}
