// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { checkForwarding } from '../../../src/machine/check-forwarding.ts';
import { formatFinding } from '../../../src/machine/finding.ts';
import type { Service } from '../../../src/model/model.ts';
import { config, ethernet, facts, PRIVATE, PUBLIC } from './router-facts.ts';

const settings = (eth0: boolean, eth1: boolean) =>
  new Map([
    ['eth0', { forwarding: eth0, ipv6Forwarding: true, rpFilter: 0 }],
    ['eth1', { forwarding: eth1, ipv6Forwarding: true, rpFilter: 0 }],
  ]);

describe('a forwarding check of IPv6', () => {
  const off = new Map([
    ['eth0', { forwarding: true, ipv6Forwarding: true, rpFilter: 0 }],
    ['eth1', { forwarding: true, ipv6Forwarding: false, rpFilter: 0 }],
  ]);
  const service = (address: string): Service => ({
    name: 'web',
    key: { kind: 'address', protocol: 'tcp', address, port: 80 },
    scheduler: 'wlc',
    servers: [],
  });

  test('finds nothing where there is no IPv6 to balance', () => {
    expect(checkForwarding(config({ services: [service('192.0.2.10')] }), facts({ settings: off }))).toEqual([]);
  });

  test('names the one setting that forwards on all devices', () => {
    const findings = checkForwarding(config({ services: [service('2001:db8::a')] }), facts({ settings: off }));
    expect(findings.map(formatFinding)).toEqual([
      'net.ipv6.conf.all.forwarding: the kernel does not forward IPv6 on eth1; sysctl -w net.ipv6.conf.all.forwarding=1',
    ]);
  });
});

describe('a forwarding check', () => {
  test('finds nothing where both devices forward, whatever ip_forward says', () => {
    expect(checkForwarding(config(), facts({ ipForward: false, settings: settings(true, true) }))).toEqual([]);
  });

  test('gives one cure for all devices while ip_forward is off', () => {
    const findings = checkForwarding(config(), facts({ ipForward: false, settings: settings(false, false) }));
    expect(findings.map(formatFinding)).toEqual([
      'net.ipv4.ip_forward: the kernel does not forward IPv4 on eth0, eth1; sysctl -w net.ipv4.ip_forward=1',
    ]);
  });

  test('cures the device itself when ip_forward is on, since writing it again changes nothing', () => {
    const findings = checkForwarding(config(), facts({ settings: settings(true, false) }));
    expect(findings.map(({ cure }) => cure)).toEqual(['sysctl -w net.ipv4.conf.eth1.forwarding=1']);
  });

  test('writes a device with a dot in its name the way sysctl takes it', () => {
    const interfaces = [PUBLIC, { ...PRIVATE, device: 'lan.5' }];
    const spoilt = facts({
      devices: [ethernet('eth0'), ethernet('lan.5')],
      settings: new Map([['lan.5', { forwarding: false, ipv6Forwarding: true, rpFilter: 0 }]]),
    });
    const findings = checkForwarding(config({ interfaces }), spoilt);
    expect(findings.map(({ cure }) => cure)).toEqual(['sysctl -w net/ipv4/conf/lan.5/forwarding=1']);
  });
});
