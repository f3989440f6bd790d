// SPDX-License-Identifier: MIT
// Config files for tests: a complete example, the smallest frame for one part, and how problems read in one line each.
import { expect } from 'vitest';
import { formatProblem } from '../../../src/config/problem.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import type { Config } from '../../../src/model/model.ts';

/** Every key that this version does something with. */
export const EXAMPLE = `interfaces:
  - device: eth0                     # public side
    role: public
    addresses: [192.0.2.10/24]
  - device: eth1
    role: private
    addresses: [10.0.0.254/24]

marks:
  - { mark: 80, protocol: tcp, address: 192.0.2.10, ports: [80, 443] }
  - { mark: 21, protocol: tcp, address: 192.0.2.10, ports: [21, 10000-20000] }
  - { mark: 7,  protocol: udp, address: 192.0.2.0/28, ports: [any], source: 198.51.100.0/24 }

services:
  - name: web
    protocol: tcp
    address: 192.0.2.10
    port: 8080
    scheduler: wrr
    servers:
      - { address: 10.0.0.1, port: 80, weight: 2 }
      - { address: 10.0.0.2, port: 80 }

  - name: shop
    mark: 80
    scheduler: wlc
    persistence: { timeout: 300s, netmask: 255.255.255.0 }
    servers: [{ address: 10.0.0.1 }, { address: 10.0.0.2 }]

timeouts: { tcp: 900s, tcpfin: 120s, udp: 300s }
tables: { connections: 1000000, persistence: 100000, fragments: 10000 }
limits: { new-connections: { per-source: 0, per-service: 0 } }
ipvs: { conn_reuse_mode: 1, expire_nodest_conn: 0 }
masquerade: false
metrics: { listen: 127.0.0.1:9113 }
`;

/** Two interfaces, in lines 1 and 2. */
export const INTERFACES = `interfaces: [{ device: eth0, role: public, addresses: [192.0.2.1/24] },
  { device: eth1, role: private, addresses: [10.0.0.254/24] }]
`;

/** A file with two interfaces and one service, in line 4, of this flow mapping without its braces. */
export function withService(service: string): string {
  return `${INTERFACES}services:\n  - { ${service} }\n`;
}

/** `line:column: path: message` for every problem. */
export function problemsOf(text: string): string[] {
  return (readConfig(text, '').problems ?? []).map((problem) => formatProblem(problem).slice(1));
}

/** The same for warnings. */
export function warningsOf(text: string): string[] {
  return readConfig(text, '').warnings.map((warning) => formatProblem(warning).slice(1));
}

/** The config of a file that must be valid. */
export function configOf(text: string): Config {
  const { config } = readConfig(text, '');
  return config ?? expect.fail(problemsOf(text).join('\n'));
}
