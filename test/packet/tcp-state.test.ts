// SPDX-License-Identifier: MIT
// bpf/tcp_state.h: IPVS's state table, cell by cell, by real segments from both sides.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { SERVER_1 } from './roles.ts';
import { Router } from './router.ts';
import type { ServiceFixture } from './service-fixture.ts';
import { isActive, putInto } from './states.ts';

const router = Router.open();
const f = frames();
let service: ServiceFixture;
beforeAll(() => {
  router.reset();
  service = router.addService({ servers: [SERVER_1] });
  router.receive(f.request({ flags: 'S' }));
  router.set({ connReuseMode: 0 });
});
// a CPU asks the table for no more than so many stamps a tick
beforeEach(() => router.passTicks(1));
afterAll(() => router.close());

const NAMES: Record<string, string> = {
  NO: 'none',
  ES: 'established',
  SS: 'syn_sent',
  SR: 'syn_recv',
  FW: 'fin_wait',
  TW: 'time_wait',
  CL: 'close',
  CW: 'close_wait',
  LA: 'last_ack',
  LI: 'listen',
  SA: 'synack',
};

/** From, then what SYN, FIN, ACK, RST make of it when the client sends them, then when the server does. */
const TABLE = `
NO  SR CL ES CL  SS TW ES CL
ES  ES CW ES CL  ES FW ES CL
SS  ES SS SS CL  SS SS SS SS
SR  SR TW ES SR  SR TW ES CL
FW  SR TW FW CL  SS FW FW CL
TW  SR TW TW CL  SS TW TW TW
CL  SR CL CL CL  SS CL CL CL
CW  SR CW CW CL  SS TW CW CL
LA  SR LA CL LA  SS LA LA CL
LI  SR LI LI LI  LI LI ES CL
SA  SR TW ES SR  SR TW ES CL`;

/** The rows that secure_tcp changes. */
const SECURE_TABLE = `
SR  SR TW SR SR  SA TW ES CL
SA  SA SA SA CL  SA TW ES CL`;

const SEGMENTS = ['S', 'F', 'A', 'R'];
type Cell = [from: string, flags: string, side: 'client' | 'server', to: string];
const cellsOf = (table: string): Cell[] =>
  table
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [from = '', ...to] = row.split(/ +/);
      return to.map((name, i): Cell => {
        const flags = SEGMENTS[i % 4] as string;
        return [NAMES[from] as string, flags, i < 4 ? 'client' : 'server', NAMES[name] as string];
      });
    });
const cells = cellsOf(TABLE);
const secureCells = [...cells.filter(([from]) => from !== 'syn_recv' && from !== 'synack'), ...cellsOf(SECURE_TABLE)];

function send(flags: string, side: 'client' | 'server'): void {
  const outcome = side === 'client' ? router.receive(f.request({ flags })) : router.receiveReply(f.reply({ flags }));
  expect(outcome.action).toBe('forwarded');
}

/** An ACK of a steady half is looked at when it is due for a new time stamp: once a second. */
const SECOND = 15;

describe('a segment moves a connection', () => {
  test.each(cells)('%s, %s from the %s: %s', (from, flags, side, to) => {
    putInto(router, f, from, router.now - SECOND);
    send(flags, side);
    expect(router.state(f)).toBe(to);
  });

  test('all 88 cells are there', () => {
    expect(cells).toHaveLength(88);
  });

  test.each(Object.values(NAMES).flatMap((from) => [[from, 'client'] as const, [from, 'server'] as const]))(
    '%s, a segment without flags from the %s: close',
    (from, side) => {
      putInto(router, f, from);
      send('', side);
      expect(router.state(f)).toBe('close');
    },
  );
});

describe('of several flags the first counts: RST, SYN, FIN, ACK', () => {
  test.each([
    ['RSFA', 'close'],
    ['RA', 'close'],
    ['SFA', 'established'],
    ['SA', 'established'],
    ['FA', 'close_wait'],
    ['FPA', 'close_wait'],
    ['PA', 'established'],
    ['PUEC', 'close'],
  ])('established, %s from the client: %s', (flags, to) => {
    putInto(router, f, 'established');
    send(flags, 'client');
    expect(router.state(f)).toBe(to);
  });
});

test.each(cells.filter(([, flags]) => flags !== 'A'))(
  'the count of active connections follows %s, %s from the %s: %s',
  (from, flags, side, to) => {
    putInto(router, f, from);
    send(flags, side);
    const active = isActive(to) ? 1 : 0;
    expect(service.load(SERVER_1)).toEqual({ active, inactive: 1 - active });
  },
);

test.each([
  ['the client closes', ['S', 'server:SA', 'A', 'PA', 'server:PA', 'F', 'server:A', 'server:F', 'A'], 'time_wait'],
  ['the server closes', ['S', 'server:SA', 'A', 'PA', 'server:PA', 'server:FA', 'FA', 'server:A'], 'time_wait'],
  ['the client resets', ['S', 'server:SA', 'A', 'RA'], 'close'],
  ['the server refuses', ['S', 'server:RA'], 'close'],
  ['nothing but a SYN', ['S'], 'syn_recv'],
  ['the client resets a half-open one', ['S', 'R'], 'syn_recv'],
  ['the server knows an older one', ['S', 'server:A'], 'established'],
  [
    'the client begins anew, and the server goes on',
    ['S', 'server:SA', 'A', 'server:F', 'S', 'server:A'],
    'established',
  ],
])('a whole conversation, %s', (_, segments, end) => {
  router.tables.connections.clear();
  for (const segment of segments) {
    const [side, flags = ''] = segment.includes(':') ? segment.split(':') : ['client', segment];
    send(flags, side as 'client' | 'server');
  }
  expect(router.state(f)).toBe(end);
});

describe('with secure_tcp', () => {
  beforeAll(() => router.set({ secureTcp: 3 }));
  afterAll(() => router.set({ secureTcp: 0 }));

  test.each(secureCells)('%s, %s from the %s: %s', (from, flags, side, to) => {
    putInto(router, f, from, router.now - SECOND);
    send(flags, side);
    expect(router.state(f)).toBe(to);
  });

  test('all 88 cells are there, 7 of them changed', () => {
    expect(secureCells).toHaveLength(88);
    const before = new Map(cells.map(([from, flags, side, to]) => [`${from} ${flags} ${side}`, to]));
    expect(secureCells.filter(([from, flags, side, to]) => before.get(`${from} ${flags} ${side}`) !== to)).toHaveLength(
      7,
    );
  });

  test('a handshake and the server’s next segment establish a connection, within the same tick', () => {
    putInto(router, f, 'time_wait');
    const states = (
      [
        ['S', 'client'],
        ['SA', 'server'],
        ['A', 'client'],
        ['A', 'client'],
        ['A', 'server'],
      ] as const
    ).map(([flags, side]) => {
      send(flags, side);
      return router.state(f);
    });
    expect(states).toEqual(['syn_recv', 'synack', 'synack', 'synack', 'established']);
    expect((router.connection(f).reply?.state ?? 0) & 255).toBe(12);
    expect(service.load(SERVER_1)).toEqual({ active: 1, inactive: 0 });
  });

  test.each([
    [1, 0, 'established'],
    [2, 0, 'established'],
    [1, 2, 'synack'],
    [2, 2, 'synack'],
  ])('at level %i, and shortage %i: %s', (secureTcp, shortage, state) => {
    router.set({ secureTcp });
    router.tables.daemons.set(0, { seen: router.now, pid: 1, shortage });
    putInto(router, f, 'time_wait');
    send('S', 'client');
    send('SA', 'server');
    send('A', 'client');
    expect(router.state(f)).toBe(state);
    router.set({ secureTcp: 3 });
  });

  test('and a reply half that waited for it is steady again when the switch is off', () => {
    putInto(router, f, 'time_wait');
    send('S', 'client');
    send('SA', 'server');
    expect((router.connection(f).reply?.state ?? 0) & 255).toBe(10);
    router.set({ secureTcp: 0 });
    send('A', 'client');
    send('A', 'server');
    expect(router.state(f)).toBe('established');
    expect((router.connection(f).reply?.state ?? 0) & 255).toBe(12);
    router.set({ secureTcp: 3 });
  });
});
