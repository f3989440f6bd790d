// SPDX-License-Identifier: MIT
// What a file says of IPv6: addresses in one form, families that do not mix, room for connections.
import { describe, expect, it } from 'vitest';
import { configToYaml } from '../../../src/config/config-to-yaml.ts';
import { ipv6Room } from '../../../src/model/uses-ipv6.ts';
import { configOf, INTERFACES, problemsOf, withService } from './config-text.ts';

const WEB = 'name: a, protocol: tcp, address: "2001:DB8:0::A", port: 80';
const text = withService(`${WEB}, persistence: { prefix: 64 }, servers: [{ address: "2001:db8:a::0:1" }]`);

describe('an IPv6 service', () => {
  it('has its addresses in canonical form, and a prefix of up to 128', () => {
    const [service] = configOf(text).services;
    expect(service?.key).toMatchObject({ address: '2001:db8::a' });
    expect(service?.persistence).toEqual({ timeout: 360, prefix: 64 });
    expect(service?.servers[0]?.address).toBe('2001:db8:a::1');
    const whole = configOf(withService(`${WEB}, persistence: {}`)).services[0];
    expect(whole?.persistence?.prefix).toBe(128);
  });

  it('reads as the same config when it is written', () => {
    const config = configOf(`${text}tables: { ipv6-connections: 4096 }`);
    expect(configOf(configToYaml(config))).toEqual(config);
  });

  it('takes no IPv4 server, and an IPv4 service none of IPv6', () => {
    expect(problemsOf(withService(`${WEB}, servers: [{ address: 10.0.0.1 }]`))).toHaveLength(1);
    const old = 'name: a, protocol: tcp, address: 192.0.2.10, port: 80';
    expect(problemsOf(withService(`${old}, servers: [{ address: "2001:db8::1" }]`))).toHaveLength(1);
  });

  it('is refused a second time, however its address is written', () => {
    const again = `${withService(WEB)}  - { name: b, protocol: tcp, address: "2001:db8::000a", port: 80 }\n`;
    expect(problemsOf(again)).toEqual([
      expect.stringMatching(
        /^5:5: services\[1\]: found a second service for tcp \[2001:db8::a\]:80 \(the first is "a"/,
      ),
    ]);
  });

  it.each([
    ['fe80::1', 'an address that routers forward to: no IPv6 link-local one (fe80::/10)'],
    [
      '::ffff:10.0.0.1',
      'an address a host can have: not in 0.0.0.0/8, no loopback, multicast, broadcast or IPv4-mapped one',
    ],
  ])('is not at %s, nor are its servers: no packet for it comes in, or leads out', (address, accepted) => {
    const found = `address: found "${address}", accepted: ${accepted}`;
    expect(problemsOf(withService(`name: a, protocol: tcp, address: "${address}", port: 80`))).toEqual([
      expect.stringContaining(`: services[0].${found}`),
    ]);
    expect(problemsOf(withService(`${WEB}, servers: [{ address: "${address}" }]`))).toEqual([
      expect.stringContaining(`: services[0].servers[0].${found}`),
    ]);
  });

  it('takes IPv4 link-local addresses as IPVS does, and servers whose gateway is a link-local one', () => {
    const old = 'name: a, protocol: tcp, address: 169.254.0.1, port: 80, servers: [{ address: 169.254.0.2 }]';
    expect(problemsOf(withService(old))).toEqual([]);
    expect(problemsOf(withService(WEB).replace('10.0.0.254/24', 'fe80::1/64'))).toEqual([]);
  });

  it('is a mark by its servers, or by its family', () => {
    const family = (service: string) => configOf(withService(service)).services[0]?.key;
    expect(family('name: a, mark: 7, servers: [{ address: "2001:db8::1" }]')).toMatchObject({ family: 'ipv6' });
    expect(family('name: a, mark: 7, family: ipv6')).toMatchObject({ family: 'ipv6' });
  });
});

describe('room for IPv6 connections', () => {
  it('is as much as for IPv4 where there is IPv6, little where there is none, and what the file says', () => {
    expect(ipv6Room(configOf(text))).toBe(1_000_000);
    expect(ipv6Room(configOf(INTERFACES))).toBe(16_384);
    expect(ipv6Room(configOf(`${INTERFACES}tables: { ipv6-connections: 2000 }`))).toBe(2000);
    expect(problemsOf(`${INTERFACES}tables: { ipv6-connections: 7 }`)).toHaveLength(1);
  });
});
