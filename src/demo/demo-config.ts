// SPDX-License-Identifier: MIT
// The config the demo's router runs: a service of each kind.
import { patience } from '../lab/patience.ts';
import { PREFIX_LENGTH, PRIVATE_DEVICE, PUBLIC_DEVICE, VIP } from '../lab/topology.ts';

/** Seconds; short, so that a newcomer can wait for it. Three requests have to fit in, on an emulated machine too. */
export const PERSISTENCE_TIMEOUT = Math.min(patience(4), 12);
export const METRICS = '127.0.0.1:9113';

const SERVERS = '[{ address: 10.0.0.1 }, { address: 10.0.0.2 }, { address: 10.0.0.3 }]';
const SERVERS_PORT_80 =
  '[{ address: 10.0.0.1, port: 80 }, { address: 10.0.0.2, port: 80 }, { address: 10.0.0.3, port: 80 }]';

export const DEMO_CONFIG = `interfaces:
  - { device: ${PUBLIC_DEVICE}, role: public, addresses: [${VIP}/${PREFIX_LENGTH}] }
  - { device: ${PRIVATE_DEVICE}, role: private }
marks:
  - { mark: 80, protocol: tcp, address: ${VIP}, ports: [80, 443] }
services:
  - { name: web, protocol: tcp, address: ${VIP}, port: 8080, scheduler: rr, servers: ${SERVERS_PORT_80} }
  - { name: sticky, protocol: tcp, address: ${VIP}, port: 8081, scheduler: rr, persistence: { timeout: ${PERSISTENCE_TIMEOUT}s }, servers: ${SERVERS_PORT_80} }
  - { name: shop, mark: 80, scheduler: rr, persistence: { timeout: 300s }, servers: ${SERVERS} }
metrics: { listen: ${METRICS} }
`;
