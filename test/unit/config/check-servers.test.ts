// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { configOf, INTERFACES, problemsOf, warningsOf, withService } from './config-text.ts';

const ADDRESS_SERVICE = 'name: a, protocol: tcp, address: 192.0.2.10, port: 80';
const withServers = (...servers: string[]) =>
  withService(
    `${ADDRESS_SERVICE},\n      servers: [\n${servers.map((server) => `      { ${server} },\n`).join('')}      ]`,
  );

describe('a server’s port', () => {
  it('is the service’s by default, and the client’s for a mark or for port 0', () => {
    const portsOf = (text: string) => configOf(text).services[0]?.servers.map(({ port }) => port);
    expect(portsOf(withServers('address: 10.0.0.1', 'address: 10.0.0.2, port: 8080'))).toEqual([80, 8080]);
    expect(
      portsOf(withService('name: a, mark: 1, servers: [{ address: 10.0.0.1 }, { address: 10.0.0.2, port: 8080 }]')),
    ).toEqual([0, 8080]);
    expect(
      portsOf(
        withService(
          'name: a, protocol: tcp, address: 192.0.2.10, port: 0, persistence: {}, servers: [{ address: 10.0.0.1 }]',
        ),
      ),
    ).toEqual([0]);
  });

  it('is not 0 where the service has one', () => {
    expect(problemsOf(withServers('address: 10.0.0.1, port: 0'))).toEqual([
      "6:34: services[0].servers[0].port: found 0 (the service has port 80), accepted: a port 1..65535, or nothing for the service's",
    ]);
  });

  it('has no effect in a persistent mark service, which is a warning', () => {
    const text = withService('name: a, mark: 1, persistence: {}, servers: [{ address: 10.0.0.1, port: 80 }]');
    expect(problemsOf(text)).toEqual([]);
    expect(warningsOf(text)).toContainEqual(expect.stringContaining('servers[0].port: found 80 (it has no effect'));
  });
});

describe('a server’s thresholds', () => {
  it('are none where they are 0 or absent', () => {
    const { servers } = configOf(
      withServers(
        'address: 10.0.0.1, upper-threshold: 0, lower-threshold: 0',
        'address: 10.0.0.2, upper-threshold: 9, lower-threshold: 9',
      ),
    ).services[0] ?? { servers: [] };
    expect(servers).toEqual([
      { address: '10.0.0.1', port: 80, weight: 1 },
      { address: '10.0.0.2', port: 80, weight: 1, upperThreshold: 9, lowerThreshold: 9 },
    ]);
  });

  it('have the lower one at most as high as the upper one', () => {
    expect(problemsOf(withServers('address: 10.0.0.1, upper-threshold: 8, lower-threshold: 9'))).toEqual([
      '6:65: services[0].servers[0].lower-threshold: found 9 (the upper-threshold is 8), accepted: 0..8',
    ]);
    expect(problemsOf(withServers('address: 10.0.0.1, lower-threshold: 9'))).toEqual([
      '6:45: services[0].servers[0].lower-threshold: found 9 (there is no upper-threshold), accepted: with an upper-threshold at least as high',
    ]);
  });

  it('are one problem where the upper one is no number', () => {
    expect(problemsOf(withServers('address: 10.0.0.1, upper-threshold: many, lower-threshold: 9'))).toHaveLength(1);
  });
});

describe('two servers', () => {
  it('of one address and port are refused, also when one names the service’s port', () => {
    expect(problemsOf(withServers('address: 10.0.0.1', 'address: 10.0.0.1, port: 80, weight: 5'))).toEqual([
      '7:7: services[0].servers[1]: found the server 10.0.0.1:80 a second time (the first is services[0].servers[0], line 6), accepted: each server once in a service; weight gives it more',
    ]);
  });

  it('may share an address', () => {
    expect(problemsOf(withServers('address: 10.0.0.1, port: 81', 'address: 10.0.0.1, port: 82'))).toEqual([]);
  });

  it('keep the order of the file', () => {
    const { services } = configOf(withServers('address: 10.0.0.9', 'address: 10.0.0.1', 'address: 10.0.0.5'));
    expect(services[0]?.servers.map(({ address }) => address)).toEqual(['10.0.0.9', '10.0.0.1', '10.0.0.5']);
  });

  it('have one family', () => {
    expect(
      problemsOf(withService('name: a, mark: 1, servers: [{ address: 10.0.0.1 }, { address: "2001:db8::1" }]')),
    ).toContainEqual(
      expect.stringContaining(
        'found "2001:db8::1" (the service is ipv4 by its first server), accepted: an ipv4 address: one family in a service',
      ),
    );
  });
});

describe('a server that is its own VIP is refused', () => {
  it('by the service’s address', () => {
    expect(problemsOf(withServers('address: 192.0.2.10, port: 81'))).toEqual([
      '6:18: services[0].servers[0].address: found "192.0.2.10" (the service\'s own address, see services[0].address, line 4), accepted: a server\'s address: no server is its own VIP',
    ]);
  });

  it('by a floating address of any interface', () => {
    expect(problemsOf(withServers('address: 10.0.0.254'))).toEqual([
      expect.stringContaining('(a floating address of this router, see interfaces[1].addresses[0], line 2)'),
    ]);
  });

  it('by an address of its mark', () => {
    const text = `${INTERFACES}marks:
  - { mark: 1, protocol: tcp, address: 192.0.2.20, ports: [80] }
  - { mark: 2, protocol: tcp, address: 192.0.2.21, ports: [80] }
services:
  - { name: a, mark: 1, servers: [{ address: 192.0.2.20 }, { address: 192.0.2.21 }] }
  - { name: b, mark: 2, servers: [{ address: 10.0.0.1 }] }
`;
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^7:46: .*\(an address of the service's mark, see marks\[0\]\.address, line 4\)/),
    ]);
  });
});
