// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { describeConfig } from '../../../src/config/describe-config.ts';
import { configOf, EXAMPLE, withService } from './config-text.ts';

it('says what a file would do', () => {
  expect(describeConfig(configOf(EXAMPLE))).toBe(`interfaces
  eth0  public   XDP auto  adds 192.0.2.10/24
  eth1  private  XDP auto  adds 10.0.0.254/24  sets accept_local
marks (the first rule that matches sets the mark)
  80  tcp  to 192.0.2.10/32  ports 80, 443
  21  tcp  to 192.0.2.10/32  ports 21, 10000-20000
  7   udp  to 192.0.2.0/28   any port               from 198.51.100.0/24
services
  web: tcp 192.0.2.10:8080, wrr
    ->  10.0.0.1:80  weight 2
    ->  10.0.0.2:80  weight 1
  shop: mark 80 ipv4, wlc, persistent 300s for each /24 of clients
    ->  10.0.0.1, the port the client used  weight 1
    ->  10.0.0.2, the port the client used  weight 1
timeouts: tcp 900s, tcpfin 120s, udp 300s
tables: 1000000 connections and 16384 of IPv6, 1000000 copies, 100000 of persistence, 10000 fragments: about 389 MB of kernel memory
ipvs: am_droprate 10, amemthresh 1024, cache_bypass 0, conn_reuse_mode 1, drop_entry 0, drop_packet 0, expire_nodest_conn 0, expire_quiescent_template 0, lblc_expiration 86400, lblcr_expiration 86400, nat_icmp_send 0, schedule_icmp 0, secure_tcp 0, sloppy_sctp 0, sloppy_tcp 0
limits: any number from one source, any number to one service
masquerade: no
clients on the router itself: refused, since XDP sees no packet of the machine's own; they may use the servers' addresses
metrics: http://127.0.0.1:9113/metrics`);
});

it('says what is not there, and what takes no new connections', () => {
  const text = describeConfig(configOf('interfaces: [{ device: eth0, role: public }]'));
  expect(text).toContain('eth0  public  XDP auto  adds no address');
  expect(text).toContain('marks: none\nservices: none');
  const drained = withService(
    'name: a, protocol: tcp, address: 192.0.2.10, port: 0, persistence: {}, servers: [{ address: 10.0.0.1, weight: 0 }]',
  );
  expect(describeConfig(configOf(drained))).toContain('a: tcp 192.0.2.10:0 (every port), wlc, persistent 360s');
  expect(describeConfig(configOf(drained))).toContain('weight 0 (no new connections)');
  const limited = 'servers: [{ address: 10.0.0.1, upper-threshold: 9 }]';
  expect(describeConfig(configOf(withService(`name: a, mark: 1, ${limited}`)))).toContain(
    'weight 1, at most 9 connections, then none until below 7',
  );
  expect(describeConfig(configOf(withService('name: a, mark: 1, family: ipv4')))).toContain(
    'a: mark 1 ipv4, wlc, no servers: clients are told so (ICMP port unreachable)',
  );
});

it('shows that persistence keeps the port of a mark even where a server names one', () => {
  const server = 'servers: [{ address: 10.0.0.1, port: 8080 }]';
  expect(describeConfig(configOf(withService(`name: a, mark: 1, ${server}`)))).toContain('10.0.0.1:8080');
  expect(describeConfig(configOf(withService(`name: a, mark: 1, persistence: {}, ${server}`)))).toContain(
    '10.0.0.1, the port the client used',
  );
});
