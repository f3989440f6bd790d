// SPDX-License-Identifier: MIT
// bpf/admit.h and bpf/step_admit.h: what a packet without a connection is asked, in which order, and what it is not asked again.
import { beforeEach, describe, expect, test } from 'vitest';
import { freshRouter, syn, udp } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { setMarks } from './mark-fixture.ts';
import { passed } from './outcome.ts';
import { at, CLIENT, FROM_GATEWAY, OTHER_CLIENT, SERVER_1, SERVER_2, SOMEBODY_MAC } from './roles.ts';
import { FIB, ticks } from './router.ts';

const f = frames();
const router = freshRouter({ connections: 64, connectionRing: 1024 });

describe('the order of questions', () => {
  const stray = { hop: { ...FROM_GATEWAY, destination: SOMEBODY_MAC } };
  /** With no way to the server, over the limit, and so on: all that is wrong with a packet behind what it is asked first. */
  const nothingIsRight = (): void => {
    router.addService({ servers: [SERVER_1] });
    router.route(SERVER_1, { result: FIB.NOT_FORWARDED });
    router.set({ sourceLimit: 1 });
    router.receive(f.request(syn));
  };

  test.each([
    ['is there a service', { to: at(f.vip, 81), ...stray, ttl: 1 }, 'no_service'],
    ['may it make a connection', { ...stray, ttl: 1 }, 'not_new'],
    ['was it sent to the router', { ...syn, ...stray, ttl: 1 }, 'other_host'],
    ['has it a hop left', { ...syn, ttl: 1 }, 'ttl_exceeded'],
    ['is it one too many', syn, 'source_limit'],
    ['is there a way', { ...syn, from: OTHER_CLIENT }, 'no_route'],
  ])('%s', (_, fields, reason) => {
    nothingIsRight();
    expect(router.receive(f.request(fields))).toMatchObject({ reason });
    expect(router.halves).toBe(0);
  });

  test('what is refused before it is counted spends nothing of a limit', () => {
    router.addService({ servers: [SERVER_1] });
    router.set({ sourceLimit: 1 });
    for (const fields of [{}, { ...syn, ...stray }, { ...syn, ttl: 1 }]) router.receive(f.request(fields));
    expect(router.receive(f.request(syn)).action).toBe('forwarded');
  });
});

test('a packet that finds the table full is counted once, though it comes by a second time', () => {
  router.addService({ servers: [SERVER_1] });
  const come = (port: number) => router.receive(f.request({ ...syn, from: at(CLIENT, port) }));
  for (let i = 0; i < 32; i++) come(1024 + i);
  expect(router.halves).toBe(64);
  router.pass(2);
  router.set({ sourceLimit: 5 });
  const outcomes = [1, 2, 3, 4, 5, 6].map((port) => come(port));
  expect(outcomes.map(({ action, reason = '' }) => action + reason)).toEqual([
    ...Array(5).fill('forwarded'),
    'droppedsource_limit',
  ]);
});

describe('the entry that leads a client to its server', () => {
  const assured = (): (number | undefined)[] => [...router.tables.persistence.values()].map((entry) => entry.assured);
  const persistence = { ticks: ticks(100) };

  test.each([
    ['a SYN', 'tcp', syn, 0],
    ['a segment of an established connection (sloppy_tcp)', 'tcp', {}, 1],
    ['a datagram', 'udp', udp, 0],
  ] as const)('by %s', (_, protocol, fields, expected) => {
    router.set({ sloppyTcp: 1 });
    router.addService({ protocol, persistence, servers: [SERVER_1] });
    expect(router.receive(f.request(fields)).action).toBe('forwarded');
    expect(assured()).toEqual([expected]);
    expect(router.connection(f, protocol).forward?.prefix).not.toBe(0);
  });

  test('is not made where there is no server, nor held by a connection that is not made', () => {
    router.addService({ persistence, servers: [] });
    router.receive(f.request(syn));
    expect(assured()).toEqual([]);
    router.addService({ persistence, servers: [SERVER_1] });
    router.route(SERVER_1, { result: FIB.NOT_FORWARDED });
    router.receive(f.request(syn));
    expect([...router.tables.persistence.values()]).toMatchObject([{ active: 0 }]);
  });
});

describe('cache_bypass', () => {
  beforeEach(() => {
    router.set({ cacheBypass: 1, scheduleIcmp: 1 });
    setMarks(router, [{ mark: 1, protocol: 'tcp', address: '203.0.113.9/32', ports: [{ first: 0, last: 65535 }] }]);
    router.addService({ mark: 1, servers: [] });
  });
  const past = frames({ vip: at(OTHER_CLIENT, 80) });

  test('lets a packet by that no server of its mark is there for', () => {
    expect(router.receive(past.request(syn))).toEqual(passed('bypassed', past.request(syn)));
  });

  test('does not let an ICMP error by', () => {
    const error = icmpError(
      { hop: FROM_GATEWAY, from: CLIENT, to: past.vip, icmp: ICMP.portUnreachable },
      packetOf(past.returned()),
    );
    expect(router.receive(error)).toMatchObject({ action: 'dropped', reason: 'no_server' });
  });
});

test('two services are asked for their own server each', () => {
  router.addService({ servers: [SERVER_1] });
  router.addService({ at: at(f.vip, 81), servers: [SERVER_2] });
  const second = frames({ vip: at(f.vip, 81), server: SERVER_2 });
  router.receive(f.request(syn));
  router.receive(second.request(syn));
  expect([router.state(f), router.state(second)]).toEqual(['syn_recv', 'syn_recv']);
});
