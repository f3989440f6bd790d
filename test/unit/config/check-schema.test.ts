// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { configOf, INTERFACES, problemsOf, withService } from './config-text.ts';

const interfaceWith = (fields: string) => `interfaces: [{ ${fields} }]`;
const markWith = (fields: string) => `${INTERFACES}marks: [{ ${fields} }]`;

describe('unknown keys', () => {
  it('are refused at the key, with what is known and what was meant', () => {
    expect(problemsOf(withService('name: a, protocol: tcp, address: 192.0.2.10, prot: 80'))).toContain(
      '4:52: services[0].prot: found the unknown key "prot" (did you mean "port"?), accepted: ' +
        'name, protocol, address, port, mark, family, scheduler, persistence, servers, flags, one-packet, snat',
    );
  });

  it('are refused at every level', () => {
    const text = `${withService('name: a, mark: 1, family: ipv4, persistence: { x1: 1 }, servers: [{ x2: 1 }]')}x3: 1
timeouts: { x4: 1 }
tables: { x5: 1 }
limits: { x6: 1, new-connections: { x7: 1 } }
ipvs: { x8: 1 }
metrics: { x9: 1 }
marks: [{ xa: 1 }]
`;
    const unknown = problemsOf(text).filter((line) => line.includes('unknown key'));
    expect(unknown.map((line) => /key "(\w+)"/.exec(line)?.[1])).toEqual([
      'x1',
      'x2',
      'x3',
      'x4',
      'x5',
      'x6',
      'x7',
      'x8',
      'x9',
      'xa',
    ]);
  });

  it('may be called like what every object has', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect(problemsOf(`${INTERFACES}${key}: 1`)).toEqual([expect.stringContaining(`found the unknown key "${key}"`)]);
  });
});

describe('required keys', () => {
  it('are reported where they are missing', () => {
    expect(problemsOf(markWith('mark: 1'))).toEqual([
      '3:9: marks[0].protocol: found nothing, accepted: tcp, udp or sctp',
      '3:9: marks[0].address: found nothing, accepted: an IPv4 or IPv6 address or prefix, like 192.0.2.0/28',
      '3:9: marks[0].ports: found nothing, accepted: a list',
    ]);
  });
});

describe('values out of range', () => {
  it.each([
    [interfaceWith('device: eth0, role: both'), '1:36: interfaces[0].role: found "both", accepted: public or private'],
    [
      interfaceWith('device: "a/b", role: public'),
      '1:24: interfaces[0].device: found "a/b", accepted: the name of a network device',
    ],
    [interfaceWith('device: abcdefghijklmnop, role: public'), '1:24: interfaces[0].device: found "abcdefghijklmnop"'],
    [interfaceWith('device: 5, role: public'), '1:24: interfaces[0].device: found 5'],
    [interfaceWith('device: e, role: public, mode: fast'), 'found "fast", accepted: auto, native, generic or offload'],
    [
      interfaceWith('device: e, role: public, addresses: [192.0.2.0/24]'),
      "accepted: a host's address: this is the network's own",
    ],
    [
      interfaceWith('device: e, role: public, addresses: [192.0.2.255/24]'),
      "accepted: a host's address: this is the network's own",
    ],
    [
      interfaceWith('device: e, role: public, addresses: [192.0.2.1/0]'),
      'accepted: an IPv4 or IPv6 address with its prefix length',
    ],
    [interfaceWith('device: e, role: public, addresses: [127.0.0.1/8]'), 'accepted: an address a host can have'],
    [
      interfaceWith('device: e, role: public, addresses: 192.0.2.1/24'),
      'addresses: found "192.0.2.1/24", accepted: a list',
    ],
    [
      markWith('mark: 0, protocol: tcp, address: 192.0.2.1, ports: [1]'),
      'marks[0].mark: found 0, accepted: a number 1..4294967295',
    ],
    [
      markWith('mark: 4294967296, protocol: tcp, address: 192.0.2.1, ports: [1]'),
      'marks[0].mark: found 4294967296, accepted: a number',
    ],
    [
      markWith('mark: 1.5, protocol: tcp, address: 192.0.2.1, ports: [1]'),
      'marks[0].mark: found 1.5, accepted: a number',
    ],
    [
      markWith('mark: 1, protocol: icmp, address: 192.0.2.1, ports: [1]'),
      'marks[0].protocol: found "icmp", accepted: tcp, udp or sctp',
    ],
    [markWith('mark: 1, protocol: tcp, address: 192.0.2.1/33, ports: [1]'), 'marks[0].address: found "192.0.2.1/33"'],
    [
      markWith('mark: 1, protocol: tcp, address: 192.0.2.1, ports: []'),
      'marks[0].ports: found an empty list, accepted: at least one port',
    ],
    [
      markWith('mark: 1, protocol: tcp, address: 192.0.2.1, ports: [20-10]'),
      'marks[0].ports[0]: found "20-10", accepted: a port 0..65535',
    ],
    [
      markWith('mark: 1, protocol: tcp, address: 192.0.2.1, ports: [1, 65536]'),
      'marks[0].ports[1]: found 65536, accepted: a port 0..65535',
    ],
    [
      withService('name: "a b", mark: 1, family: ipv4'),
      'services[0].name: found "a b", accepted: a name: 1..63 letters',
    ],
    [
      withService('name: 80, mark: 1, family: ipv4'),
      "services[0].name: found 80, accepted: a name: 1..63 letters, digits, '.', '_' or '-' (a number in quotes)",
    ],
    [
      withService('name: a, protocol: tcp, address: 0.0.0.0, port: 80'),
      'services[0].address: found "0.0.0.0", accepted: an address a host can have',
    ],
    [
      withService('name: a, protocol: tcp, address: 192.0.2.10/32, port: 80'),
      'services[0].address: found "192.0.2.10/32", accepted: an IPv4 or IPv6 address',
    ],
    [
      withService('name: a, protocol: tcp, address: 192.0.2.10, port: 65536'),
      'services[0].port: found 65536, accepted: a number 0..65535',
    ],
    [
      withService('name: a, mark: 1, servers: [{ address: 10.0.0.1, weight: 2147483648 }]'),
      'weight: found 2147483648, accepted: a number 0..2147483647',
    ],
    [
      withService('name: a, mark: 1, family: ipv4, persistence: 300'),
      'services[0].persistence: found 300, accepted: a mapping with timeout, netmask, prefix',
    ],
    [
      withService('name: a, mark: 1, family: ipv4, persistence: { netmask: 0.0.0.0 }'),
      'netmask: found "0.0.0.0", accepted: a netmask other than',
    ],
    [`${INTERFACES}tables: { connections: 1000 }`, 'tables.connections: found 1000, accepted: a number 1024..50000000'],
    [`${INTERFACES}tables: { copies: -1 }`, 'tables.copies: found -1, accepted: a number 0..50000000'],
    [`${INTERFACES}tables: { copies: none }`, 'tables.copies: found "none", accepted: a number 0..50000000'],
    [`${INTERFACES}ipvs: { expire_nodest_conn: 2 }`, 'ipvs.expire_nodest_conn: found 2, accepted: a number 0..1'],
    [`${INTERFACES}masquerade: no thanks`, 'masquerade: found "no thanks", accepted: true or false'],
    [
      `${INTERFACES}metrics: { listen: 9113 }`,
      'metrics.listen: found 9113, accepted: an address or host name with a port',
    ],
  ])('are refused: %s', (text, expected) => {
    const lines = problemsOf(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(expected);
  });

  it('end where IPVS and Linux end', () => {
    const text = `interfaces: [{ device: abcdefghijklmno, role: public, addresses: [192.0.2.1/31, 198.51.100.7] }]
marks: [{ mark: 4294967295, protocol: udp, address: 0.0.0.0/0, ports: [0-65535] }]
services: [{ name: "${'a'.repeat(63)}", mark: 4294967295, servers: [{ address: 10.0.0.1, weight: 2147483647 }, { address: 10.0.0.2, weight: 0 }] }]
metrics: { listen: "[::]:9113" }
`;
    const config = configOf(text);
    expect(config.interfaces[0]?.addresses).toEqual(['192.0.2.1/31', '198.51.100.7/32']);
    expect(config.services[0]?.servers.map(({ weight }) => weight)).toEqual([2147483647, 0]);
    expect(config.metrics).toEqual({ host: '::', port: 9113 });
  });
});
