// SPDX-License-Identifier: MIT
// bpf/sctp_state.h: IPVS's state table, cell by cell, by real packets from both sides.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type * as abi from '../../src/abi/index.ts';
import { CHUNKS, type ChunkName, carries } from './chunks.ts';
import { frames } from './conversation.ts';
import { EPOCH } from './family.ts';
import { chunk } from './frame.ts';
import { SERVER_1 } from './roles.ts';
import { Router, ticks } from './router.ts';
import type { ServiceFixture } from './service-fixture.ts';
import { isActive, putInto } from './states.ts';

const router = Router.open();
const f = frames();
let service: ServiceFixture;
beforeAll(() => {
  router.reset();
  service = router.addService({ protocol: 'sctp', servers: [SERVER_1] });
  router.receive(f.request(carries('init')));
  router.set({ connReuseMode: 0 });
});
afterAll(() => router.close());
// a walk that found nothing to reclaim is remembered
afterEach(() => router.tables.epochs.set(EPOCH, { ...(router.tables.epochs.get(EPOCH) as abi.Epoch), barren: 0 }));

const NAMES: Record<string, string> = {
  NO: 'none',
  I1: 'init1',
  IN: 'init',
  CS: 'cookie_sent',
  CR: 'cookie_replied',
  CW: 'cookie_wait',
  CO: 'cookie',
  CE: 'cookie_echoed',
  ES: 'established',
  SS: 'shutdown_sent',
  SR: 'shutdown_received',
  SA: 'shutdown_ack_sent',
  RJ: 'rejected',
  CL: 'closed',
};

/** From, then what DATA, INIT, INIT ACK, COOKIE ECHO, COOKIE ACK, SHUTDOWN, its ACK, COMPLETE, ERROR and ABORT make of it. */
const FROM_CLIENT = `
NO  ES I1 CW CR ES SR CL CL CL CL
I1  I1 IN CW IN I1 I1 IN CL I1 CL
IN  IN IN CW IN IN IN IN CL IN CL
CS  CS CS CS CR CS CS CS CS CS CL
CR  CR CR CR CR CR CR CR CR CR CL
CW  CW CW CO CW CW CW CW CW CW RJ
CO  CO CO CO CO CO CO CO CO CO CL
CE  CE CE CE CE ES CE CE CE CL CL
ES  ES ES ES ES ES SR ES ES ES CL
SS  SS SS SS SS SS SS CL SS SS CL
SR  SR SR SR SR SR SR SR SR SR CL
SA  SA SA SA SA SA SA CL CL SA CL
RJ  RJ IN RJ RJ RJ RJ RJ RJ RJ CL
CL  CL IN CL CL CL CL CL CL CL CL`;

const FROM_SERVER = `
NO  ES CW CS CE ES SS SA CL CL CL
I1  I1 CW CS CE ES SS SA I1 CL RJ
IN  IN CW CS CE ES SS SA IN CL CL
CS  CS CW CS CE ES SS SA CS CL CL
CR  CR CW CR CE ES SS SA CR CL CL
CW  CW CW CW CE ES SS CW CW CW CL
CO  CO CW CO CE ES SS CO CO CO CL
CE  CE CW CE CE ES SS CE CE CE CL
ES  ES ES ES ES ES SS ES ES ES CL
SS  SS CW SS SS SS SS SA SS SS CL
SR  SR CW SR SR SR SR SA SR SR CL
SA  SA CW SA SA SA SA SA SA SA CL
RJ  RJ CW RJ RJ RJ RJ RJ RJ RJ CL
CL  CL CW CL CL CL CL CL CL CL CL`;

const EVENTS: readonly ChunkName[] = [
  ...(['data', 'init', 'initAck', 'cookieEcho', 'cookieAck'] as const),
  ...(['shutdown', 'shutdownAck', 'shutdownComplete', 'error', 'abort'] as const),
];

type Side = 'client' | 'server';
type Cell = [from: string, chunk: ChunkName, side: Side, to: string];
const named = (name: string): string => `sctp_${NAMES[name]}`;
const cellsOf = (table: string, side: Side): Cell[] =>
  table
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [from = '', ...to] = row.split(/ +/);
      return to.map((name, i): Cell => [named(from), EVENTS[i] as ChunkName, side, named(name)]);
    });
const cells = [...cellsOf(FROM_CLIENT, 'client'), ...cellsOf(FROM_SERVER, 'server')];

function send(side: Side, ...names: ChunkName[]): void {
  const fields = carries(...names);
  const outcome = side === 'client' ? router.receive(f.request(fields)) : router.receiveReply(f.reply(fields));
  expect(outcome.action).toBe('forwarded');
}

test.each(cells)('%s, %s from the %s: %s, active or not', (from, name, side, to) => {
  putInto(router, f, from);
  send(side, name);
  expect(router.state(f, 'sctp')).toBe(to);
  const active = isActive(to) ? 1 : 0;
  expect(service.load(SERVER_1)).toEqual({ active, inactive: 1 - active });
});

test('all 280 cells are there', () => {
  expect(cells).toHaveLength(280);
});

describe('every other chunk counts as data', () => {
  const others = Array.from({ length: 256 }, (_, type) => type).filter(
    (type) => !EVENTS.some((name) => CHUNKS[name] === type && name !== 'data'),
  );

  test.each(['client', 'server'] as const)('from the %s', (side) => {
    for (const type of others)
      for (const [from, to] of [
        ['sctp_none', 'sctp_established'],
        ['sctp_init1', 'sctp_init1'],
      ] as const) {
        putInto(router, f, from);
        const fields = { protocol: 'sctp', chunks: chunk(type) } as const;
        if (side === 'client') router.receive(f.request(fields));
        else router.receiveReply(f.reply(fields));
        expect(router.state(f, 'sctp'), `chunk ${type}`).toBe(to);
      }
  });
});

describe('of several chunks the first decides, but an abort behind a cookie', () => {
  test.each([
    [['cookieEcho', 'data'], 'established', 'client', 'established'],
    [['cookieEcho', 'abort'], 'established', 'client', 'closed'],
    [['cookieAck', 'abort'], 'established', 'server', 'closed'],
    [['cookieEcho', 'data', 'abort'], 'established', 'client', 'established'],
    [['sack', 'abort'], 'established', 'client', 'established'],
    [['data', 'shutdown'], 'established', 'server', 'established'],
    [['sack', 'shutdown'], 'established', 'server', 'established'],
    [['shutdown', 'sack'], 'established', 'server', 'shutdown_sent'],
  ] as [ChunkName[], string, Side, string][])('%j in %s from the %s: %s', (names, from, side, to) => {
    putInto(router, f, `sctp_${from}`);
    send(side, ...names);
    expect(router.state(f, 'sctp')).toBe(`sctp_${to}`);
  });

  test('the abort stands behind the padding of the cookie, whatever its length', () => {
    for (let length = 0; length < 40; length++) {
      putInto(router, f, 'sctp_established');
      const chunks = Uint8Array.from([...chunk(CHUNKS.cookieEcho, new Uint8Array(length)), ...chunk(CHUNKS.abort)]);
      router.receive(f.request({ protocol: 'sctp', chunks }));
      expect(router.state(f, 'sctp'), `a cookie of ${length} bytes`).toBe('sctp_closed');
    }
  });

  test.each([0, 1, 3, 0x7ff0, 0xffff])('a cookie that says it has %i bytes has nothing behind it', (length) => {
    putInto(router, f, 'sctp_established');
    const chunks = Uint8Array.from([10, 0, length >> 8, length & 255, ...chunk(CHUNKS.abort)]);
    router.receive(f.request({ protocol: 'sctp', chunks }));
    expect(router.state(f, 'sctp')).toBe('sctp_established');
  });
});

const HELLO = ['init', 'server:initAck', 'cookieEcho', 'server:cookieAck', 'data', 'server:sack'];
test.each([
  ['nothing but an INIT', ['init'], 'init1'],
  ['the client asks twice', ['init', 'init'], 'init'],
  ['the server refuses', ['init', 'server:abort'], 'rejected'],
  ['it is there', HELLO, 'established'],
  ['the client ends it', [...HELLO, 'shutdown', 'server:shutdownAck', 'shutdownComplete'], 'closed'],
  ['the server ends it', [...HELLO, 'server:shutdown', 'shutdownAck', 'server:shutdownComplete'], 'closed'],
  ['the client aborts', [...HELLO, 'abort'], 'closed'],
  ['both ask at once', ['init', 'server:init', 'initAck', 'server:cookieEcho', 'cookieAck'], 'established'],
])('a whole conversation, %s', (_, packets, end) => {
  router.tables.connections.clear();
  for (const packet of packets) {
    const [side, name] = packet.includes(':') ? packet.split(':') : ['client', packet];
    send(side as Side, name as ChunkName);
  }
  expect(router.state(f, 'sctp')).toBe(`sctp_${end}`);
});

describe('a connection ends', () => {
  const SECONDS: [string, number][] = Object.values(NAMES).map((name) => [
    name,
    { none: 2, init1: 4, rejected: 4, established: 900 }[name] ?? 61,
  ]);
  const forgiven = 15;

  test.each(SECONDS)('%s: after %i s without a packet', (name, seconds) => {
    router.tables.connections.clear();
    send('client', 'init');
    putInto(router, f, `sctp_${name}`);
    router.passTicks(ticks(seconds) + forgiven);
    router.run('expire');
    expect(router.halves).toBe(2);
    router.passTicks(1);
    router.run('expire');
    expect(router.halves).toBe(0);
  });

  test('packets of either side keep it', () => {
    router.tables.connections.clear();
    for (const name of ['init', 'cookieEcho'] as const) send('client', name);
    putInto(router, f, 'sctp_established');
    for (let i = 0; i < 4; i++) {
      router.pass(800);
      if (i % 2) send('client', 'heartbeat');
      else send('server', 'heartbeatAck');
      router.run('expire');
    }
    expect(router.state(f, 'sctp')).toBe('sctp_established');
  });

  test.each(['init1', 'init', 'none'])('in %s it gives way when the table is full', (name) => {
    router.tables.connections.clear();
    router.set({ connReuseMode: 1 });
    send('client', 'init');
    putInto(router, f, `sctp_${name}`);
    router.run('reclaim');
    expect(router.halves).toBe(0);
  });

  test.each(['cookie_sent', 'established', 'closed'])('in %s it does not', (name) => {
    router.tables.connections.clear();
    send('client', 'init');
    putInto(router, f, `sctp_${name}`);
    router.run('reclaim');
    expect(router.halves).toBe(2);
  });
});

describe('an INIT where a connection is', () => {
  const begin = (state: string, reuse: number): void => {
    router.set({ connReuseMode: reuse });
    router.tables.connections.clear();
    send('client', 'init');
    putInto(router, f, `sctp_${state}`);
    send('client', 'init');
  };

  test.each([
    ['closed', 1, 'init1'],
    ['closed', 0, 'init'],
    ['rejected', 1, 'init'],
    ['established', 1, 'established'],
  ])('in %s with conn_reuse_mode %i: %s', (state, reuse, to) => {
    const before = router.happened('connection_reused');
    begin(state, reuse);
    expect(router.state(f, 'sctp')).toBe(`sctp_${to}`);
    expect(router.happened('connection_reused') - before).toBe(to === 'init1' ? 1 : 0);
  });
});
