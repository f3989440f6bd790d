// SPDX-License-Identifier: MIT
// bpf/conntrack.h, conntrack_attend.h, conntrack_create.h: the two halves of a connection, how long they live, what
// ends them early, and who may take their place.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { addressNumber, macBytes } from './frame.ts';
import { dropped, forwarded, passed } from './outcome.ts';
import * as roles from './roles.ts';
import { at, CLIENT, PRIVATE, PUBLIC, SERVER_1, SERVER_2, VIP } from './roles.ts';
import { Router, ticks } from './router.ts';
import { putInto } from './states.ts';

const router = Router.open();
const f = frames();
const syn = { flags: 'S' };
const udp = { protocol: 'udp' } as const;

beforeEach(() => router.reset());
afterAll(() => router.close());

/** Everything a client sends and a server answers until data flows. */
function establish(conversation = f): void {
  for (const frame of [conversation.request(syn), conversation.request()])
    expect(router.receive(frame)).toMatchObject({ action: 'forwarded' });
}

describe('a connection has two halves', () => {
  test('each with its own way and the same nonce', () => {
    const service = router.addService({ servers: [at(SERVER_1, 8080)] });
    const there = frames({ server: at(SERVER_1, 8080) });
    router.receive(there.request(syn));
    const { forward, reply } = router.connection(there);
    expect(forward).toMatchObject({
      address: addressNumber(SERVER_1.address),
      port: 8080,
      ifindex: PRIVATE,
      mtu: 1500,
      destinationMac: macBytes(roles.macOf(SERVER_1)),
      sourceMac: macBytes(roles.PRIVATE_MAC),
      server: service.slot(at(SERVER_1, 8080)),
      direction: 0,
      prefix: 0,
      lastSeen: router.now,
    });
    expect(reply).toMatchObject({
      address: addressNumber(VIP.address),
      port: 80,
      ifindex: PUBLIC,
      destinationMac: macBytes(roles.GATEWAY_MAC),
      sourceMac: macBytes(roles.PUBLIC_MAC),
      direction: 1,
    });
    expect(router.halves).toBe(2);
    expect((forward?.state ?? 0) >>> 16).toBe((reply?.state ?? 1) >>> 16);
  });

  test('and nonces differ from connection to connection', () => {
    router.addService({ servers: [SERVER_1] });
    const nonces = Array.from({ length: 32 }, (_, i) => {
      const each = frames({ client: at(CLIENT, 1000 + i) });
      router.receive(each.request(syn));
      return (router.connection(each).forward?.state ?? 0) >>> 16;
    });
    expect(new Set(nonces).size).toBeGreaterThan(24);
  });

  test('a reply half without its forward half counts for nothing', () => {
    router.addService({ servers: [SERVER_1] });
    establish();
    router.tables.connections.delete(router.connection(f).forward?.key as never);
    router.pass(2); // the fast path trusts a half that was looked at within the second
    const reply = f.reply();
    expect(router.receiveReply(reply)).toEqual(passed('no_service', reply));
  });

  test('a reply half that was left behind does not keep the connection from being made', () => {
    router.addService({ servers: [SERVER_1] });
    establish();
    router.tables.connections.delete(router.connection(f).forward?.key as never);
    expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(router.halves).toBe(2);
  });

  test('halves with different nonces are no connection', () => {
    router.addService({ servers: [SERVER_1] });
    establish();
    const { reply } = router.connection(f);
    if (reply) router.tables.connections.set(reply.key, { ...reply, state: (reply.state ^ 0x10000) >>> 0 });
    const answer = f.reply();
    router.announceChange(); // off the fast path, which trusts what it finds
    expect(router.receiveReply(answer)).toEqual(passed('no_service', answer));
  });
});

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
    establish();
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
    establish();
    router.passTicks(ticks(900) + second + 1);
    const late = f.reply();
    expect(router.receiveReply(late)).toEqual(passed('no_service', late));
    expect(router.halves).toBe(0);
  });

  test.each(['request', 'reply'] as const)('but not while packets go one way: %s', (side) => {
    router.addService({ servers: [SERVER_1] });
    establish();
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
    establish();
    router.set({ timeouts: router.settings.timeouts.map(() => ticks(30)) });
    router.pass(60);
    expect(router.receive(f.request())).toMatchObject({ reason: 'not_new' });
  });

  test('across the day when 32 bits of ticks wrap', () => {
    router.passTicks(2 ** 32 - router.now - 100);
    router.addService({ servers: [SERVER_1] });
    establish();
    router.passTicks(200);
    router.tables.clocks.set(0, 100n << 26n);
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
  });
});

test('a time stamp is written when it is a second old, in the packet’s own half', () => {
  router.addService({ servers: [SERVER_1] });
  establish();
  const born = router.now;
  router.passTicks(14);
  router.receive(f.request());
  expect(router.connection(f).forward?.lastSeen).toBe(born);
  router.passTicks(1);
  router.receive(f.request());
  expect(router.connection(f).forward?.lastSeen).toBe(born + 15);
  expect(router.connection(f).reply?.lastSeen).toBe(born);
  router.receiveReply(f.reply());
  expect(router.connection(f).reply?.lastSeen).toBe(born + 15);
});

describe('a SYN from a port that was used before', () => {
  const second = frames({ server: SERVER_2 });
  beforeEach(() => {
    router.addService({ scheduler: 'rr', servers: [SERVER_2, SERVER_1] });
    establish();
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
  establish();
  putInto(router, f, 'time_wait');
  expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
  expect(router.happened('connection_reused')).toBe(0);
});

describe('a removed server', () => {
  test('gets no packets of its connections, and sends none', () => {
    const service = router.addService({ servers: [SERVER_1] });
    establish();
    service.remove(SERVER_1);
    router.announceChange();
    expect(router.receive(f.request())).toEqual(dropped('server_gone'));
    expect(router.receiveReply(f.reply())).toEqual(dropped('server_gone'));
  });

  test('that comes back in time finds them again', () => {
    const service = router.addService({ servers: [SERVER_1] });
    establish();
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
    establish();
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
    establish();
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

describe('two services that share a server, one client port', () => {
  const other = { address: '192.0.2.11', port: 80 };
  const second = frames({ vip: other });

  /** The first connection stands, then the client opens the second from the same port. */
  function collide(state: string, protocol: 'tcp' | 'udp' = 'tcp') {
    router.addService({ protocol, servers: [SERVER_1] });
    router.addService({ protocol, at: other, servers: [SERVER_1] });
    router.receive(f.request({ protocol, flags: 'S' }));
    if (protocol === 'tcp') putInto(router, f, state);
    return router.receive(second.request({ protocol, flags: 'S' }));
  }

  test.each(['established', 'syn_recv', 'fin_wait', 'close_wait', 'last_ack'])(
    'a TCP connection in %s stays, the new one is dropped',
    (state) => {
      expect(collide(state)).toEqual(dropped('tuple_in_use'));
      expect(router.state(f)).toBe(state);
      expect(router.state(second)).toBeUndefined();
      expect(router.halves).toBe(2);
    },
  );

  test.each(['time_wait', 'close'])('a TCP connection in %s yields', (state) => {
    expect(collide(state)).toEqual(forwarded(PRIVATE, second.forwarded(syn)));
    expect(router.state(f)).toBeUndefined();
    expect(router.receiveReply(second.reply())).toEqual(forwarded(PUBLIC, second.returned()));
    expect(router.halves).toBe(2);
  });

  test('a UDP flow yields', () => {
    expect(collide('udp', 'udp')).toEqual(forwarded(PRIVATE, second.forwarded(udp)));
    expect(router.state(f, 'udp')).toBeUndefined();
    expect(router.halves).toBe(2);
  });

  test('a TCP connection that has been idle past its timeout yields', () => {
    router.addService({ servers: [SERVER_1] });
    router.addService({ at: other, servers: [SERVER_1] });
    establish();
    router.pass(1000);
    expect(router.receive(second.request(syn))).toEqual(forwarded(PRIVATE, second.forwarded(syn)));
  });

  test('the counts are right whoever wins', () => {
    const first = router.addService({ servers: [SERVER_1] });
    const service = router.addService({ at: other, servers: [SERVER_1] });
    establish();
    router.receive(second.request(syn));
    expect([first.load(SERVER_1), service.load(SERVER_1)]).toEqual([
      { active: 1, inactive: 0 },
      { active: 0, inactive: 0 },
    ]);
    router.receive(f.request({ flags: 'R' }));
    router.receive(second.request(syn));
    expect([first.load(SERVER_1), service.load(SERVER_1)]).toEqual([
      { active: 0, inactive: 0 },
      { active: 1, inactive: 0 },
    ]);
  });
});

describe('active and inactive connections', () => {
  test('follow a connection from its first SYN to its end', () => {
    const service = router.addService({ servers: [SERVER_1] });
    const steps: [string, 'request' | 'reply', number, number][] = [
      ['S', 'request', 1, 0],
      ['SA', 'reply', 1, 0],
      ['A', 'request', 1, 0],
      ['FA', 'reply', 0, 1],
      ['FA', 'request', 0, 1],
      ['A', 'reply', 0, 1],
    ];
    for (const [flags, side, active, inactive] of steps) {
      if (side === 'request') router.receive(f.request({ flags }));
      else router.receiveReply(f.reply({ flags }));
      expect(service.load(SERVER_1), `${side} ${flags}`).toEqual({ active, inactive });
    }
    router.pass(200);
    router.receive(f.request());
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 0 });
  });

  test('UDP flows are inactive', () => {
    const service = router.addService({ protocol: 'udp', servers: [SERVER_1] });
    router.receive(f.request(udp));
    router.receiveReply(f.reply(udp));
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 1 });
  });

  test('are not counted for a packet that makes no connection', () => {
    const service = router.addService({ servers: [SERVER_1] });
    router.tables.routes.clear();
    router.receive(f.request(syn));
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 0 });
  });
});

test('packets of the client and the server that are not the connection’s are not touched by it', () => {
  router.addService({ servers: [SERVER_1] });
  establish();
  const strangers = [
    frames({ client: at(CLIENT, 40001) }).reply(),
    frames({ server: at(SERVER_1, 81) }).reply(),
    frames({ server: SERVER_2 }).reply(),
    f.reply(udp),
  ];
  for (const frame of strangers) expect(router.receiveReply(frame)).toEqual(passed('no_service', frame));
});
