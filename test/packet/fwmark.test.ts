// SPDX-License-Identifier: MIT
// bpf/fwmark.h: the first rule that matches gives a packet its mark.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { MarkRule } from '../../src/model/model.ts';
import { frames } from './conversation.ts';
import { setMarks } from './mark-fixture.ts';
import { passed } from './outcome.ts';
import { random } from './random.ts';
import { at, type Endpoint, SERVER_1, SERVER_2, SERVER_3, VIP } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const rule = (fields: Partial<MarkRule>): MarkRule => ({
  mark: 1,
  protocol: 'tcp',
  address: '192.0.2.10/32',
  ports: [{ first: 80, last: 80 }],
  ...fields,
});

let nextPort = 1024;
/** Whether a first packet finds the service of `mark`: only that service has servers at all. */
function isMarked(
  rules: readonly MarkRule[],
  to: Endpoint,
  mark = 1,
  client = '198.51.100.7',
  protocol: 'tcp' | 'udp' = 'tcp',
) {
  setMarks(router, rules);
  router.addService({ mark, scheduler: 'rr', servers: [at(SERVER_1, 0)] });
  const f = frames({ client: { address: client, port: nextPort++ }, vip: to });
  return router.receive(f.request({ flags: 'S', protocol })).action === 'forwarded';
}

describe('a rule', () => {
  test.each([
    ['its port', rule({}), VIP, true],
    ['another port', rule({}), at(VIP, 81), false],
    ['another address', rule({}), { address: '192.0.2.11', port: 80 }, false],
    ['the first port of a range', rule({ ports: [{ first: 10000, last: 20000 }] }), at(VIP, 10000), true],
    ['the last port of a range', rule({ ports: [{ first: 10000, last: 20000 }] }), at(VIP, 20000), true],
    ['the port before a range', rule({ ports: [{ first: 10000, last: 20000 }] }), at(VIP, 9999), false],
    ['the port behind a range', rule({ ports: [{ first: 10000, last: 20000 }] }), at(VIP, 20001), false],
    ['any port: 0', rule({ ports: [{ first: 0, last: 65535 }] }), at(VIP, 0), true],
    ['any port: 65535', rule({ ports: [{ first: 0, last: 65535 }] }), at(VIP, 65535), true],
    ['the first address of a prefix', rule({ address: '192.0.2.0/28' }), { address: '192.0.2.0', port: 80 }, true],
    ['the last address of a prefix', rule({ address: '192.0.2.0/28' }), { address: '192.0.2.15', port: 80 }, true],
    ['the address behind a prefix', rule({ address: '192.0.2.0/28' }), { address: '192.0.2.16', port: 80 }, false],
    ['any address', rule({ address: '0.0.0.0/0' }), { address: '8.8.8.8', port: 80 }, true],
  ] as [string, MarkRule, Endpoint, boolean][])('on %s', (_, only, to, marked) => {
    expect(isMarked([only], to)).toBe(marked);
  });

  test.each([
    ['tcp', 'tcp', true],
    ['tcp', 'udp', false],
    ['udp', 'udp', true],
    ['udp', 'tcp', false],
  ] as const)('for %s meets %s: %s', (ruled, sent, marked) => {
    expect(isMarked([rule({ protocol: ruled })], VIP, 1, '198.51.100.7', sent)).toBe(marked);
  });

  test.each([
    ['198.51.100.7', '198.51.100.0/24', true],
    ['198.51.101.7', '198.51.100.0/24', false],
    ['198.51.100.7', '198.51.100.7/32', true],
    ['198.51.100.8', '198.51.100.7/32', false],
    ['203.0.113.9', '0.0.0.0/0', true],
  ])('client %s, source %s: %s', (client, source, marked) => {
    router.route({ address: client, port: 0 });
    expect(isMarked([rule({ source })], VIP, 1, client)).toBe(marked);
  });

  test('with the largest mark', () => {
    expect(isMarked([rule({ mark: 0xffffffff })], VIP, 0xffffffff)).toBe(true);
  });

  test('whose mark nobody serves leaves the packet to the exact service', () => {
    setMarks(router, [rule({ mark: 9 })]);
    const f = frames();
    router.addService({ servers: [SERVER_1] });
    expect(router.receive(f.request({ flags: 'S' })).action).toBe('forwarded');
  });
});

/** Which server a first packet reaches: mark 1, 2, 3 lead to SERVER_1, 2, 3. */
function markOf(to: Endpoint, client: Endpoint): number {
  const outcome = router.receive(frames({ client, vip: to }).request({ flags: 'S' }));
  if (outcome.action !== 'forwarded') return 0;
  return Number.parseInt(outcome.frame?.split(' ')[1]?.slice(-2) ?? '', 16);
}

function serveMarks(): void {
  [SERVER_1, SERVER_2, SERVER_3].forEach((server, i) => {
    router.addService({ mark: i + 1, scheduler: 'rr', servers: [at(server, 0)] });
  });
}

describe('the first rule that matches wins', () => {
  const client = { address: '198.51.100.7', port: 5000 };
  const wide = { address: '192.0.2.0/24', ports: [{ first: 0, last: 65535 }] };

  test.each([
    ['a wide rule in front of a narrow one', [rule({ ...wide, mark: 1 }), rule({ mark: 2 })], 1],
    ['a narrow rule in front of a wide one', [rule({ mark: 2 }), rule({ ...wide, mark: 1 })], 2],
    ['the same rule twice', [rule({ mark: 3 }), rule({ mark: 2 })], 3],
    [
      'a source that does not match, then one that does',
      [rule({ source: '203.0.113.0/24', mark: 1 }), rule({ source: '198.51.100.0/24', mark: 2 }), rule({ mark: 3 })],
      2,
    ],
    ['no source that matches, then any', [rule({ source: '203.0.113.0/24', mark: 1 }), rule({ mark: 3 })], 3],
    [
      'overlapping ranges',
      [
        rule({ ports: [{ first: 0, last: 79 }], mark: 1 }),
        rule({ ports: [{ first: 70, last: 90 }], mark: 2 }),
        rule({ ports: [{ first: 80, last: 80 }], mark: 3 }),
      ],
      2,
    ],
  ] as [string, MarkRule[], number][])('%s', (_, rules, mark) => {
    serveMarks();
    setMarks(router, rules);
    expect(markOf(VIP, client)).toBe(mark);
  });

  test('in a hundred sets of random rules, as plain first match says', () => {
    serveMarks();
    const r = random(20240607);
    const matches = (x: MarkRule, to: Endpoint, from: Endpoint): boolean =>
      x.protocol === 'tcp' &&
      inside(to.address, x.address) &&
      x.ports.some(({ first, last }) => first <= to.port && to.port <= last) &&
      (x.source === undefined || inside(from.address, x.source));
    let marked = 0;
    for (let round = 0; round < 100; round++) {
      const rules = Array.from({ length: 1 + r.below(8) }, () => randomRule(r));
      setMarks(router, rules);
      for (let i = 0; i < 60; i++) {
        const to = { address: `192.0.2.${r.below(16)}`, port: r.below(40) };
        const from = { address: `198.51.100.${r.below(16)}`, port: nextPort++ };
        router.route(from);
        const expected = rules.find((x) => matches(x, to, from))?.mark ?? 0;
        expect(markOf(to, from), `round ${round}: ${JSON.stringify({ rules, to, from })}`).toBe(expected);
        if (expected) marked++;
      }
      router.tables.connections.clear();
      router.tables.ringCursors.clear();
    }
    expect(marked).toBeGreaterThan(1000);
  });
});

function inside(address: string, network: string): boolean {
  const [base = '', length] = network.split('/');
  const bits = (dotted: string): string =>
    dotted
      .split('.')
      .map((byte) => Number(byte).toString(2).padStart(8, '0'))
      .join('');
  return bits(address).slice(0, Number(length)) === bits(base).slice(0, Number(length));
}

function randomRule(r: ReturnType<typeof random>): MarkRule {
  const length = 28 + r.below(5);
  const network = (prefix: string): string => `${prefix}${r.below(16) & ~((1 << (32 - length)) - 1)}/${length}`;
  const first = r.below(40);
  const ports = Array.from({ length: 1 + r.below(2) }, () => ({ first, last: Math.min(first + r.below(20), 65535) }));
  const source = r.below(2) ? { source: network('198.51.100.') } : {};
  return { mark: 1 + r.below(3), protocol: r.below(5) ? 'tcp' : 'udp', address: network('192.0.2.'), ports, ...source };
}

test('new rules take the place of the old ones as a whole', () => {
  serveMarks();
  setMarks(router, [rule({ mark: 1 }), rule({ mark: 1, ports: [{ first: 443, last: 443 }] })]);
  expect(markOf(VIP, { address: '198.51.100.7', port: 6000 })).toBe(1);
  setMarks(router, [rule({ mark: 2 })]);
  expect(markOf(VIP, { address: '198.51.100.7', port: 6001 })).toBe(2);
  expect(markOf(at(VIP, 443), { address: '198.51.100.7', port: 6002 })).toBe(0);
  setMarks(router, []);
  expect(markOf(VIP, { address: '198.51.100.7', port: 6003 })).toBe(0);
});

describe('cache_bypass: a mark without a server lets its packets go where they were sent', () => {
  const syn = { flags: 'S' };
  const reasonOf = (to: Endpoint): string | undefined => router.receive(frames({ vip: to }).request(syn)).reason;
  beforeEach(() => {
    setMarks(router, [rule({ address: '0.0.0.0/0' })]);
    router.addService({ mark: 1, servers: [] });
  });

  test('untouched, if there is a way', () => {
    router.set({ cacheBypass: 1 });
    const f = frames({ vip: { address: '203.0.113.9', port: 80 } });
    expect(router.receive(f.request(syn))).toEqual(passed('bypassed', f.request(syn)));
    expect(router.halves).toBe(0);
  });

  test('not to the router itself, nor where no route leads: their senders hear that nobody serves them', () => {
    router.set({ cacheBypass: 1 });
    expect([reasonOf(VIP), reasonOf({ address: '8.8.8.8', port: 80 })]).toEqual(['no_server', 'no_server']);
  });

  test('is off by default, and not for services by address', () => {
    expect(reasonOf({ address: '203.0.113.9', port: 80 })).toBe('no_server');
    router.set({ cacheBypass: 1, marks: 0 });
    router.addService({ at: { address: '203.0.113.9', port: 80 }, servers: [] });
    expect(reasonOf({ address: '203.0.113.9', port: 80 })).toBe('no_server');
  });
});
