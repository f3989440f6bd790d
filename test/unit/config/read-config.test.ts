// SPDX-License-Identifier: MIT

import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../src/config/problem.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { DEFAULT_SWITCHES, NO_LIMITS } from '../../../src/model/model.ts';
import { configOf, EXAMPLE, INTERFACES, problemsOf, warningsOf, withService } from './config-text.ts';

describe('a valid file', () => {
  it('becomes a config with canonical values', () => {
    const config = configOf(EXAMPLE);
    expect(config.interfaces[0]).toEqual({
      device: 'eth0',
      role: 'public',
      mode: 'auto',
      addresses: ['192.0.2.10/24'],
    });
    expect(config.marks[1]).toEqual({
      mark: 21,
      protocol: 'tcp',
      address: '192.0.2.10/32',
      ports: [
        { first: 21, last: 21 },
        { first: 10000, last: 20000 },
      ],
    });
    expect(config.marks[2]?.source).toBe('198.51.100.0/24');
    expect(config.services).toEqual([
      {
        name: 'web',
        key: { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 8080 },
        scheduler: 'wrr',
        servers: [
          { address: '10.0.0.1', port: 80, weight: 2 },
          { address: '10.0.0.2', port: 80, weight: 1 },
        ],
      },
      {
        name: 'shop',
        key: { kind: 'mark', mark: 80, family: 'ipv4' },
        scheduler: 'wlc',
        persistence: { timeout: 300, prefix: 24 },
        servers: [
          { address: '10.0.0.1', port: 0, weight: 1 },
          { address: '10.0.0.2', port: 0, weight: 1 },
        ],
      },
    ]);
  });

  it('needs nothing but an interface and gets IPVS’s defaults', () => {
    expect(configOf('interfaces: [{ device: eth0, role: public }]')).toEqual({
      interfaces: [{ device: 'eth0', role: 'public', mode: 'auto', addresses: [] }],
      marks: [],
      services: [],
      timeouts: { tcp: 900, tcpfin: 120, udp: 300 },
      tables: { connections: 1_000_000, persistence: 100_000, fragments: 10_000 },
      switches: DEFAULT_SWITCHES,
      limits: NO_LIMITS,
      metrics: { host: '127.0.0.1', port: 9113 },
    });
  });

  it('has comments, anchors and merge keys', () => {
    const text = `${INTERFACES}
services:
  - &base { name: a, protocol: tcp, address: 192.0.2.10, port: 80, servers: &all [{ address: 10.0.0.1 }] } # one
  - { <<: *base, name: b, port: 443 }
  - { name: c, protocol: udp, address: 192.0.2.10, port: 53, servers: *all }
`;
    const { services } = configOf(text);
    expect(services.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(services[1]?.servers).toEqual([{ address: '10.0.0.1', port: 443, weight: 1 }]);
    expect(services[2]?.servers[0]?.port).toBe(53);
  });
});

describe('a file with problems', () => {
  it('is refused with file, line, column, what was found and what is accepted', () => {
    const { problems = [] } = readConfig(EXAMPLE.replace('port: 8080', 'port: http'), 'xlvs.yaml');
    expect(problems.map(formatProblem)).toEqual([
      'xlvs.yaml:18:11: services[0].port: found "http", accepted: a number 0..65535',
    ]);
    expect(problems[0]).toMatchObject({ found: '"http"', accepted: 'a number 0..65535', path: 'services[0].port' });
  });

  it('shows all of them, in the order of the file, whichever check finds them', () => {
    const text = `interfaces:
  - { device: eth0, role: publik, addresses: [192.0.2.10/24] }
  - { device: eth0, role: private, colour: red }
marks:
  - { mark: 0, protocol: icmp, address: 192.0.2.10, ports: [443-80] }
services:
  - { name: web, protocol: tcp, address: 192.0.2.10, port: 80, servers: [{ address: 192.0.2.10, weight: heavy }] }
  - { name: web, protocol: tcp, address: 192.0.2.10, port: 80, scheduler: wwrr }
timeouts: { tcp: 0 }
`;
    expect(problemsOf(text).map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
      '2:27: interfaces[0].role',
      '3:15: interfaces[1].device',
      '3:36: interfaces[1].colour',
      '5:13: marks[0].mark',
      '5:26: marks[0].protocol',
      '5:61: marks[0].ports[0]',
      '7:85: services[0].servers[0].address',
      '7:105: services[0].servers[0].weight',
      '8:5: services[1]',
      '8:13: services[1].name',
      '8:75: services[1].scheduler',
      '9:18: timeouts.tcp',
    ]);
  });

  it('has no config, and a file without problems no problems', () => {
    expect(readConfig('', 'f').config).toBeUndefined();
    expect(readConfig(EXAMPLE, 'f').problems).toBeUndefined();
  });

  it.each([
    ['', '1:1: found nothing, accepted: a mapping with interfaces, '],
    ['# only a comment\n', '1:1: found nothing, accepted: a mapping with interfaces, '],
    ['hello', '1:1: found "hello", accepted: a mapping with interfaces, '],
    ['- 1', '1:1: found a list, accepted: a mapping with interfaces, '],
    ['services: []', '1:1: interfaces: found nothing, accepted: a list'],
    ['interfaces: []', '1:13: interfaces: found an empty list, accepted: at least one interface'],
    ['interfaces:', '1:12: interfaces: found nothing, accepted: a list'],
  ])('may have nothing in it: %j', (text, expected) => expect(problemsOf(text)[0]).toContain(expected));

  it('points at the shared value when a merge or an alias brings it in', () => {
    const text = `${INTERFACES}services:
  - &base { name: a, protocol: tcp, address: 192.0.2.10, port: 80, scheduler: best }
  - { <<: *base, name: b, port: 81 }
`;
    expect(problemsOf(text).map((line) => line.split(': found')[0])).toEqual([
      '4:79: services[0].scheduler',
      '4:79: services[1].scheduler',
    ]);
  });
});

describe('a warning', () => {
  it('does not refuse the file', () => {
    const { config, warnings } = readConfig(withService('name: a, mark: 9, family: ipv4'), 'f.yaml');
    expect(config?.services).toHaveLength(1);
    expect(warnings.map(formatProblem)).toEqual([
      'f.yaml:4:22: services[0].mark: found 9 (no rule sets this mark), accepted: a mark that a rule under marks sets',
    ]);
  });

  it('comes with the problems of a refused file too', () => {
    const text = withService('name: a, mark: 9, family: ipv4, scheduler: best');
    expect(problemsOf(text)).toHaveLength(1);
    expect(warningsOf(text)).toHaveLength(1);
  });
});
