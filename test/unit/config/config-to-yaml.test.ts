// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { configToYaml } from '../../../src/config/config-to-yaml.ts';
import { configOf, EXAMPLE, INTERFACES, withService } from './config-text.ts';

describe('canonical YAML', () => {
  it.each([
    EXAMPLE,
    INTERFACES,
    withService('name: "80", mark: 4294967295, family: ipv4, scheduler: sh, flags: [sh-fallback, sh-port]'),
    withService(
      'name: "null", protocol: udp, address: 192.0.2.10, port: 0, persistence: { prefix: 8 }, servers: [{ address: 10.0.0.1, weight: 0, upper-threshold: 9, lower-threshold: 3 }]',
    ),
    `${INTERFACES}marks: [{ mark: 1, protocol: udp, address: 0.0.0.0/0, ports: [any] }]\nmetrics: { listen: "[::1]:0" }`,
  ])('reads as the same config: %#', (text) => {
    const config = configOf(text);
    expect(configOf(configToYaml(config))).toEqual(config);
  });

  it('writes sizes that have no default number where the file gives them', () => {
    const text = 'interfaces: [{ device: eth0, role: public }]\ntables: { ipv6-connections: 2000, copies: 0 }';
    expect(configOf(text).tables).toMatchObject({ ipv6Connections: 2000, copies: 0 });
    expect(configOf(configToYaml(configOf(text))).tables).toEqual(configOf(text).tables);
  });

  it('writes every setting, defaults too', () => {
    expect(configToYaml(configOf('interfaces: [{ device: eth0, role: public }]'))).toBe(`interfaces:
  - device: eth0
    role: public
    mode: auto
    addresses: []
marks: []
services: []
timeouts: { tcp: 900s, tcpfin: 120s, udp: 300s }
tables: { connections: 1000000, persistence: 100000, fragments: 10000 }
limits:
  new-connections: { per-source: 0, per-service: 0 }
ipvs: { am_droprate: 10, amemthresh: 1024, cache_bypass: 0, conn_reuse_mode: 1, drop_entry: 0, drop_packet: 0, expire_nodest_conn: 0, expire_quiescent_template: 0, lblc_expiration: 86400, lblcr_expiration: 86400, nat_icmp_send: 0, schedule_icmp: 0, secure_tcp: 0, sloppy_sctp: 0, sloppy_tcp: 0 }
masquerade: false
metrics: { listen: 127.0.0.1:9113 }
`);
  });
});
