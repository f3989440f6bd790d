// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { problemsOf, warningsOf } from './config-text.ts';

it('refuses a device listed twice and names both places', () => {
  expect(problemsOf('interfaces:\n  - { device: eth0, role: public }\n  - { device: eth0, role: private }\n')).toEqual([
    '3:15: interfaces[1].device: found "eth0" (the same device as interfaces[0], line 2), accepted: each device once',
  ]);
});

it('refuses a floating address listed twice, whatever its length', () => {
  const text = `interfaces:
  - { device: eth0, role: public, addresses: [192.0.2.1/24, 192.0.2.1/32] }
  - { device: eth1, role: private, addresses: [192.0.2.1/24] }
`;
  expect(problemsOf(text)).toEqual([
    '2:61: interfaces[0].addresses[1]: found "192.0.2.1/32" (the same address as interfaces[0].addresses[0], line 2), accepted: each floating address once',
    '3:48: interfaces[1].addresses[0]: found "192.0.2.1/24" (the same address as interfaces[0].addresses[0], line 2), accepted: each floating address once',
  ]);
});

it('takes a router with one interface, with a warning', () => {
  expect(problemsOf('interfaces: [{ device: eth0, role: public }]')).toEqual([]);
  expect(warningsOf('interfaces: [{ device: eth0, role: public }]')).toEqual([
    expect.stringMatching(
      /^1:13: interfaces: found no interface of role private, accepted: one on the side of the servers/,
    ),
  ]);
});

it('refuses a router without a public side', () => {
  expect(problemsOf('interfaces: [{ device: eth0, role: private }]')).toEqual([
    '1:13: interfaces: found no interface of role public, accepted: at least one: clients come in there',
  ]);
});

it('does not judge the roles while one of them cannot be read', () => {
  expect(problemsOf('interfaces: [{ device: eth0, role: private }, { device: eth1, role: publik }]')).toHaveLength(1);
});
