// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkLocalPorts, SNAT_PORTS } from '../../../src/machine/check-local-ports.ts';
import { formatFinding } from '../../../src/machine/finding.ts';
import { config, facts, service } from './router-facts.ts';

const snat = config({ services: [{ ...service('web', '10.0.0.1'), snat: true }] });
const found = (first: number, last: number, reserved: { first: number; last: number }[] = []): string[] =>
  checkLocalPorts(snat, facts({ localPorts: { first, last, reserved } })).map(formatFinding);

describe('the router’s own ports', () => {
  test('are the data plane’s where its source says so', () => {
    const source = readFileSync(new URL('../../../bpf/snat.h', import.meta.url), 'utf8');
    expect(source).toContain(`#define SNAT_PORT_FIRST ${SNAT_PORTS.first}\n`);
    expect(source).toContain(`#define SNAT_PORTS (${SNAT_PORTS.last + 1} - SNAT_PORT_FIRST)\n`);
  });

  test('as Linux has them are in nobody’s way', () => {
    expect(found(32768, 60999)).toEqual([]);
  });

  test('among those of snat are a finding with its cure', () => {
    expect(found(10000, 65535)).toEqual([
      "net.ipv4.ip_local_port_range: the router's own connections use ports 10000-65535, services with snat 1024-32767; sysctl -w net.ipv4.ip_local_reserved_ports=1024-32767",
    ]);
  });

  test('may be anywhere when those of snat are reserved, or nothing has snat', () => {
    expect(found(1024, 65535, [{ first: 80, last: 80 }, SNAT_PORTS])).toEqual([]);
    expect(found(10000, 65535, [{ first: 20000, last: 30000 }])).toHaveLength(1);
    expect(checkLocalPorts(config(), facts({ localPorts: { first: 1024, last: 65535, reserved: [] } }))).toEqual([]);
  });
});
