// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { configOf, problemsOf, withService } from './config-text.ts';

const tcp = 'name: a, protocol: tcp, address: 192.0.2.10, port: 80';
const udp = tcp.replace('tcp', 'udp');

it('takes one-packet for UDP and for marks', () => {
  expect(configOf(withService(`${udp}, one-packet: true`)).services[0]?.onePacket).toBe(true);
  expect(configOf(withService('name: a, mark: 1, family: ipv4, one-packet: true')).services[0]?.onePacket).toBe(true);
  expect(configOf(withService(`${udp}, one-packet: false`)).services[0]).not.toHaveProperty('onePacket');
});

it('refuses it for TCP, at its place', () => {
  const [line, ...more] = problemsOf(withService(`${tcp}, one-packet: true`));
  expect(more).toEqual([]);
  expect(line).toMatch(/services\[0\]\.one-packet: found true.*protocol is tcp.*with protocol: udp or a mark/);
});

it('refuses it beside snat, whose answers would find nobody', () => {
  const [line, ...more] = problemsOf(withService(`${udp}, one-packet: true, snat: true`));
  expect(more).toEqual([]);
  expect(line).toMatch(/services\[0\]\.snat: found true.*keeps no connection.*either snat or one-packet/);
});
