// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { checkServers } from '../../../src/machine/check-servers.ts';
import { formatFinding } from '../../../src/machine/finding.ts';
import type { RouteMatch } from '../../../src/machine/route.ts';
import { config, facts, PRIVATE, PUBLIC, service } from './router-facts.ts';

const services = [service('web', '10.0.0.9')];
const behind = (device: string, length = 24): RouteMatch => ({ devices: [device], length, local: false });

const check = (route: RouteMatch | undefined, addresses: string[] = []) => {
  const interfaces = [PUBLIC, { ...PRIVATE, addresses }];
  const routes = new Map([['10.0.0.9', route]]);
  return checkServers(config({ services, interfaces }), facts({ routes })).map(formatFinding);
};

describe('a server check', () => {
  test.each(['eth0', 'eth1'])('accepts a server behind %s, which is listed', (device) => {
    expect(check(behind(device))).toEqual([]);
  });

  test('finds a server routed through a device that is not listed', () => {
    expect(check(behind('eth9'))).toEqual([
      'service web: server 10.0.0.9 is routed through eth9, which is not an xlvs interface; ' +
        'list eth9 under interfaces, or route the server through one that is listed',
    ]);
  });

  test('finds one path of several that leaves by another device', () => {
    const findings = check({ devices: ['eth1', 'eth9'], length: 24, local: false });
    expect(findings).toEqual([expect.stringContaining('10.0.0.9 is routed through eth9')]);
  });

  test('finds a server without a route', () => {
    expect(check(undefined)).toEqual([
      expect.stringMatching(/^service web: there is no route to server 10\.0\.0\.9; /),
    ]);
  });

  test('finds a server that is this machine', () => {
    expect(check({ devices: ['eth1'], length: 32, local: true })).toEqual([
      'service web: server 10.0.0.9 is an address of this machine, which cannot be its own server; ' +
        'remove it from the servers',
    ]);
  });

  test('names a server once for each service that has it', () => {
    const twice = [service('web', '10.0.0.9', '10.0.0.9'), service('mail', '10.0.0.9')];
    const findings = checkServers(config({ services: twice }), facts({ routes: new Map() }));
    expect(findings.map(({ where }) => where)).toEqual(['service web', 'service mail']);
  });

  describe('before the floating addresses are there', () => {
    test('counts the network that one is going to connect', () => {
      expect(check(undefined, ['10.0.0.254/24'])).toEqual([]);
      expect(check(behind('eth9', 0), ['10.0.0.254/24'])).toEqual([]);
    });

    test('lets a more specific route of the machine win', () => {
      expect(check(behind('eth9', 25), ['10.0.0.254/24'])).toHaveLength(1);
      expect(check(behind('eth9', 24), ['10.0.0.254/24'])).toHaveLength(1);
    });

    test('counts no network that the server is not in', () => {
      expect(check(undefined, ['10.0.1.254/24', '10.0.0.254/32'])).toHaveLength(1);
    });
  });
});
