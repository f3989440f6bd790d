// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import { labelSet } from '../../../src/metrics/exposition.ts';
import { renderMetrics } from '../../../src/metrics/render-metrics.ts';
import { sampleRouter } from '../cli/sample-router.ts';

const text = (router: MemoryDataPlane, version: string) => Buffer.concat(renderMetrics(router, version)).toString();

const lines = (prefix: string): string[] =>
  text(sampleRouter(), '1.2.3')
    .split('\n')
    .filter((line) => line.startsWith(prefix));

describe('the metrics text', () => {
  test('has HELP and TYPE once per metric, in front of its samples', () => {
    const seen = new Set<string>();
    let current = '';
    for (const line of text(sampleRouter(), '1').trimEnd().split('\n')) {
      const [, kind, name] = /^# (HELP|TYPE) (\S+) /.exec(line) ?? [];
      if (kind === 'HELP') {
        expect(seen).not.toContain(name);
        seen.add(name ?? '');
      }
      if (kind) current = name ?? '';
      else expect(line).toMatch(new RegExp(`^${current}(\\{[^{}]*\\})? \\d+$`));
    }
    expect(seen.size).toBe(34);
  });

  test('ends every counter, and only counters, with _total', () => {
    for (const line of lines('# TYPE')) expect(line.endsWith(' counter')).toBe(line.includes('_total '));
  });

  test('counts per server and per service, with all digits', () => {
    expect(lines('xlvs_server_incoming_bytes_total')).toEqual([
      'xlvs_server_incoming_bytes_total{service="web",server="10.0.0.1",port="80"} 4000',
      'xlvs_server_incoming_bytes_total{service="web",server="10.0.0.2",port="80"} 0',
      'xlvs_server_incoming_bytes_total{service="shop",server="10.0.0.1",port="0"} 9007199254740993',
    ]);
    expect(lines('xlvs_service_outgoing_packets_total')).toEqual([
      'xlvs_service_outgoing_packets_total{service="web"} 80',
      'xlvs_service_outgoing_packets_total{service="shop"} 18',
    ]);
  });

  test('shows connections, weight and persistence entries now', () => {
    expect(lines('xlvs_service_active_connections')[0]).toBe('xlvs_service_active_connections{service="web"} 1');
    expect(lines('xlvs_service_inactive_connections')[0]).toBe('xlvs_service_inactive_connections{service="web"} 1');
    expect(lines('xlvs_server_weight{')[1]).toBe('xlvs_server_weight{service="web",server="10.0.0.2",port="80"} 0');
    expect(lines('xlvs_server_persistence_entries{')[2]).toMatch(/service="shop".* 1$/);
  });

  test('says what each service is', () => {
    expect(lines('xlvs_service_info')).toEqual([
      'xlvs_service_info{service="web",protocol="tcp",address="192.0.2.10",port="8080",mark="",family="ipv4",scheduler="wrr"} 1',
      'xlvs_service_info{service="shop",protocol="",address="",port="",mark="80",family="ipv4",scheduler="wlc"} 1',
    ]);
  });

  test('counts drops, passes and events by reason, those never seen too', () => {
    expect(lines('xlvs_drops_total')).toContain('xlvs_drops_total{reason="table_full"} 12');
    expect(lines('xlvs_passes_total')).toEqual(['xlvs_passes_total{reason="no_service"} 0']);
    expect(lines('xlvs_events_total')).toEqual(['xlvs_events_total{event="connection_expired"} 2']);
  });

  test('shows attachment, tables and build', () => {
    expect(lines('xlvs_interface_attached')).toEqual([
      'xlvs_interface_attached{device="eth0",role="public",mode="native"} 1',
      'xlvs_interface_attached{device="eth1",role="private",mode="none"} 0',
    ]);
    expect(lines('xlvs_table_entries{')).toContain('xlvs_table_entries{table="connections"} 3');
    expect(lines('xlvs_table_capacity{')).toContain('xlvs_table_capacity{table="persistence"} 100000');
    expect(lines('xlvs_build_info')).toEqual(['xlvs_build_info{version="1.2.3"} 1']);
  });

  test('escapes label values', () => {
    expect(Buffer.from(labelSet({ name: 'a"b\\c\nd' })).toString()).toBe('{name="a\\"b\\\\c\\nd"}');
  });

  test('is complete for a router without services', () => {
    expect(text(new MemoryDataPlane(), '1')).toContain('\nnode_ipvs_connections_total 0\n');
  });
});

describe("node_exporter's ipvs series", () => {
  test('have totals without labels', () => {
    expect(lines('node_ipvs_').filter((line) => !line.includes('{'))).toEqual([
      'node_ipvs_connections_total 6',
      'node_ipvs_incoming_bytes_total 9007199254744993',
      'node_ipvs_incoming_packets_total 49',
      'node_ipvs_outgoing_bytes_total 90071992547449930',
      'node_ipvs_outgoing_packets_total 98',
    ]);
  });

  test('label a server of an address service with both ends', () => {
    expect(lines('node_ipvs_backend_connections_active{')[0]).toBe(
      'node_ipvs_backend_connections_active{local_address="192.0.2.10",local_mark="",local_port="8080",proto="TCP",remote_address="10.0.0.1",remote_port="80"} 1',
    );
  });

  test('label a server of a mark service with the mark in hexadecimal and no local address', () => {
    expect(lines('node_ipvs_backend_weight{')[2]).toBe(
      'node_ipvs_backend_weight{local_address="",local_mark="00000050",local_port="",proto="FWM",remote_address="10.0.0.1",remote_port="0"} 1',
    );
  });

  test('count inactive connections per server', () => {
    expect(lines('node_ipvs_backend_connections_inactive{').map((line) => line.slice(-2))).toEqual([' 0', ' 1', ' 0']);
  });
});
