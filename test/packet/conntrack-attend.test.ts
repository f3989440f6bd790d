// SPDX-License-Identifier: MIT
// bpf/conntrack_attend.h: how long a connection lives, what ends it early, what a removed server does to it.
import { beforeEach, describe, expect, test } from 'vitest';
import { carries } from './chunks.ts';
import { establish, freshRouter, syn, udp } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { dropped, forwarded, passed } from './outcome.ts';
import { at, CLIENT, PRIVATE, PUBLIC, SERVER_1, SERVER_2 } from './roles.ts';
import { ticks } from './router.ts';
import { putInto } from './states.ts';

const router = freshRouter();
const f = frames();

describe('an idle connection ends', () => {
  const timeouts: [string, number][] = [
    ['none', 2],
    ['established', 900],
    ['syn_sent', 120],
    ['syn_recv', 60],
    ['fin_wait', 120],
    ['time_wait', 120],
    ['close', 10],
    ['close_wait', 60],
    ['last_ack', 30],
    ['listen', 120],
    ['synack', 120],
  ];
  // time stamps are written when they are a second old, so a second is forgiven
  const second = 15;

  test.each(timeouts)('in state %s after %i s', (state, seconds) => {
    router.addService({ servers: [SERVER_1] });
    establish(router, f);
    putInto(router, f, state);
    router.passTicks(ticks(seconds) + second);
    expect(router.receive(f.request({ flags: 'P' })).action).toBe('forwarded');
    putInto(router, f, state, router.now);
    router.passTicks(ticks(seconds) + second + 1);
    const late = f.request();
    expect(router.receive(late)).toEqual(passed('not_new', late));
    expect(router.halves).toBe(0);
    expect(router.happened('connection_expired')).toBe(1);
  });

  test('UDP after 300 s; the next datagram is scheduled anew', () => {
    const service = router.addService({ protocol: 'udp', scheduler: 'rr', servers: [SERVER_1, SERVER_2] });
    const second2 = frames({ server: SERVER_2 });
    router.receive(f.request(udp));
    router.passTicks(ticks(300) + second);
    expect(router.receive(f.request(udp))).toEqual(forwarded(PRIVATE, second2.forwarded(udp)));
    router.passTicks(ticks(300) + second + 1);
    expect(router.receive(f.request(udp))).toEqual(forwarded(PRIVATE, f.forwarded(udp)));
    expect(service.load(SERVER_2)).toEqual({ active: 0, inactive: 0 });
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 1 });
  });

  test('for its replies too', () => {
    router.addService({ servers: [SERVER_1] });
    establish(router, f);
    router.passTicks(ticks(900) + second + 1);
    const late = f.reply();
    expect(router.receiveReply(late)).toEqual(passed('no_service', late));
    expect(router.halves).toBe(0);
  });

  test.each(['request', 'reply'] as const)('but not while packets go one way: %s', (side) => {
    router.addService({ servers: [SERVER_1] });
    establish(router, f);
    for (let hours = 0; hours < 3; hours += 0.2) {
      router.pass(720);
      const outcome = side === 'request' ? router.receive(f.request()) : router.receiveReply(f.reply());
      expect(outcome.action).toBe('forwarded');
    }
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });

  test('with the timeouts of now, not of when it was made', () => {
    router.addService({ servers: [SERVER_1] });
    establish(router, f);
    router.set({ timeouts: router.settings.timeouts.map(() => ticks(30)) });
    router.pass(60);
    expect(router.receive(f.request())).toMatchObject({ reason: 'not_new' });
  });

  test('across the day when 32 bits of ticks wrap', () => {
    router.passTicks(2 ** 32 - router.now - 100);
    router.addService({ servers: [SERVER_1] });
    establish(router, f);
    router.passTicks(200);
    router.tables.clocks.set(0, 100n << 26n);
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
  });
});

test('a change of state within the second writes no time stamp', () => {
  router.addService({ servers: [SERVER_1] });
  establish(router, f);
  const born = router.now;
  router.passTicks(10);
  router.receive(f.request({ flags: 'FA' }));
  expect(router.state(f)).toBe('close_wait');
  expect(router.connection(f).forward?.lastSeen).toBe(born);
});

test('a time stamp is written when it is a second old, in the packet’s own half', () => {
  router.addService({ servers: [SERVER_1] });
  establish(router, f);
  const born = router.now;
  router.passTicks(10);
  router.receive(f.request());
  expect(router.connection(f).forward?.lastSeen).toBe(born);
  router.passTicks(1);
  router.receive(f.request());
  expect(router.connection(f).forward?.lastSeen).toBe(born + 11);
  expect(router.connection(f).reply?.lastSeen).toBe(born);
  router.receiveReply(f.reply());
  expect(router.connection(f).reply?.lastSeen).toBe(born + 11);
});

describe('a SYN from a port that was used before', () => {
  const second = frames({ server: SERVER_2 });
  beforeEach(() => {
    router.addService({ scheduler: 'rr', servers: [SERVER_2, SERVER_1] });
    establish(router, f);
  });

  test.each(['time_wait', 'close'])('is scheduled anew when the connection is in %s', (state) => {
    putInto(router, f, state);
    expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, second.forwarded(syn)));
    expect(router.happened('connection_reused')).toBe(1);
    expect(router.halves).toBe(2);
    expect(router.connection(f).reply).toBeUndefined();
  });

  test.each(['established', 'syn_recv', 'fin_wait', 'close_wait', 'last_ack'])(
    'stays with its server in %s',
    (state) => {
      putInto(router, f, state);
      expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
    },
  );

  test.each(['time_wait', 'close'])('stays with its server in %s with conn_reuse_mode 0', (state) => {
    router.set({ connReuseMode: 0 });
    putInto(router, f, state);
    expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
    expect(router.state(f)).toBe('syn_recv');
  });

  test('with RST set does not', () => {
    putInto(router, f, 'time_wait');
    expect(router.receive(f.request({ flags: 'SR' }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'SR' })));
  });

  test('of the server does not', () => {
    putInto(router, f, 'time_wait');
    expect(router.receiveReply(f.reply(syn))).toEqual(forwarded(PUBLIC, f.returned(syn)));
    expect(router.state(f)).toBe('syn_sent');
  });
});

test('a SYN stays with its server when persistence controls the connection', () => {
  router.addService({ scheduler: 'rr', persistence: { ticks: 1000 }, servers: [SERVER_2, SERVER_1] });
  establish(router, f);
  putInto(router, f, 'time_wait');
  expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
  expect(router.happened('connection_reused')).toBe(0);
});

test('with expire_nodest_conn a SYN leaves a quiesced server, whatever state its connection is in', () => {
  const service = router.addService({ scheduler: 'rr', servers: [SERVER_2, SERVER_1] });
  establish(router, f);
  service.setWeight(SERVER_1, 0);
  expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
  router.set({ expireNodestConn: 1 });
  const second = frames({ server: SERVER_2 });
  expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
  expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, second.forwarded(syn)));
});

test('with conn_reuse_mode 0 it does, too', () => {
  const service = router.addService({ scheduler: 'rr', servers: [SERVER_2, SERVER_1] });
  establish(router, f);
  router.set({ expireNodestConn: 1, connReuseMode: 0 });
  expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
  service.setWeight(SERVER_1, 0);
  expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, frames({ server: SERVER_2 }).forwarded(syn)));
  expect(router.happened('connection_reused')).toBe(1);
});

test('SCTP’s first packet that persistence leads to a drained server stays with it', () => {
  const service = router.addService({ protocol: 'sctp', servers: [SERVER_1], persistence: { ticks: 1000 } });
  router.receive(frames({ client: at(CLIENT, 1024) }).request(carries('init')));
  service.setWeight(SERVER_1, 0);
  router.set({ expireNodestConn: 1 });
  for (let sent = 0; sent < 2; sent++)
    expect(router.receive(f.request(carries('init')))).toEqual(forwarded(PRIVATE, f.forwarded(carries('init'))));
  expect(router.happened('connection_created')).toBe(3);
  expect(router.reasons).toEqual({});
});

describe('a removed server', () => {
  test('gets no packets of its connections; what it still sends is translated', () => {
    const service = router.addService({ servers: [SERVER_1] });
    establish(router, f);
    service.remove(SERVER_1);
    router.announceChange();
    expect(router.receive(f.request())).toEqual(dropped('server_gone'));
    for (const _ of [1, 2]) expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(router.receive(f.request())).toEqual(dropped('server_gone'));
  });

  test('that comes back in time finds them again', () => {
    const service = router.addService({ servers: [SERVER_1] });
    establish(router, f);
    const restore = service.remove(SERVER_1);
    router.announceChange();
    router.receive(f.request({ flags: 'F' }));
    restore();
    router.announceChange();
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
    expect(router.state(f)).toBe('established');
  });

  test('loses them when they have been idle for long, packets that were dropped do not count', () => {
    const service = router.addService({ servers: [SERVER_1] });
    establish(router, f);
    const restore = service.remove(SERVER_1);
    router.announceChange();
    for (let i = 0; i < 4; i++) {
      router.pass(300);
      router.receive(f.request());
    }
    restore();
    router.announceChange();
    expect(router.receive(f.request())).toMatchObject({ reason: 'not_new' });
  });

  test('with expire_nodest_conn: TCP meets the kernel, which resets it', () => {
    router.set({ expireNodestConn: 1 });
    const service = router.addService({ servers: [SERVER_1] });
    establish(router, f);
    service.remove(SERVER_1);
    router.announceChange();
    const frame = f.request();
    expect(router.receive(frame)).toEqual(passed('not_new', frame));
    expect(router.halves).toBe(0);
  });

  test('with expire_nodest_conn: UDP is scheduled anew', () => {
    router.set({ expireNodestConn: 1 });
    const service = router.addService({ protocol: 'udp', servers: [SERVER_2, SERVER_1] });
    router.receive(f.request(udp));
    service.remove(SERVER_1);
    router.announceChange();
    const second = frames({ server: SERVER_2 });
    expect(router.receive(f.request(udp))).toEqual(forwarded(PRIVATE, second.forwarded(udp)));
    expect(router.halves).toBe(2);
  });
});
