// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { configOf, problemsOf, withService } from './config-text.ts';

const persistent = (persistence: string) => withService(`name: a, mark: 1, family: ipv4, persistence: ${persistence}`);

describe('persistence', () => {
  it.each([
    ['{}', 360, 32],
    ['{ timeout: 5m }', 300, 32],
    ['{ netmask: 255.255.255.0 }', 360, 24],
    ['{ timeout: 10, prefix: 1 }', 10, 1],
  ])('of %s lasts %i s for each /%i', (text, timeout, prefix) =>
    expect(configOf(persistent(text)).services[0]?.persistence).toEqual({ timeout, prefix }),
  );

  it('is absent when the file does not ask for it', () => {
    expect(configOf(withService('name: a, mark: 1, family: ipv4')).services[0]).not.toHaveProperty('persistence');
  });

  it('has a netmask or a prefix, not both', () => {
    expect(problemsOf(persistent('{ netmask: 255.0.0.0, prefix: 8 }'))).toEqual([
      '4:74: services[0].persistence.prefix: found prefix beside netmask (the netmask is at services[0].persistence.netmask, line 4), accepted: either netmask or prefix',
    ]);
  });

  it.each([
    ['{ netmask: 255.0.255.0 }', 'persistence.netmask: found "255.0.255.0", accepted: a netmask other than 0.0.0.0'],
    ['{ prefix: 33 }', 'persistence.prefix: found 33 (the service is ipv4), accepted: a number 1..32'],
    ['{ prefix: 0 }', 'persistence.prefix: found 0, accepted: a number 1..128'],
  ])('is refused as %s', (text, expected) => {
    expect(problemsOf(persistent(text))).toEqual([expect.stringContaining(expected)]);
  });

  it('of an IPv6 service has a prefix', () => {
    const text = withService('name: a, mark: 1, family: ipv6, persistence: { netmask: 255.0.0.0 }');
    expect(problemsOf(text)).toContain(
      '4:63: services[0].persistence.netmask: found "255.0.0.0" (the service is ipv6), accepted: prefix: 1..128 in its place',
    );
  });
});

it('is what a service on port 0 needs', () => {
  const service = 'name: a, protocol: tcp, address: 192.0.2.10, port: 0';
  expect(problemsOf(withService(service))).toEqual([
    expect.stringMatching(
      /^4:58: services\[0\].port: found 0 \(port 0 means every port, .*accepted: a port 1..65535, or persistence/,
    ),
  ]);
  expect(problemsOf(withService(`${service}, persistence: {}`))).toEqual([]);
});
