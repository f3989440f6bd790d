// SPDX-License-Identifier: MIT
// bpf/conntrack_insert.h: who gets a place in the table when it is taken or there is none left. Ports of snat: snat-port.test.ts.
import { describe, expect, test } from 'vitest';
import { establish, freshRouter, syn, udp } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { dropped, forwarded } from './outcome.ts';
import { at, CLIENT, fromServer, PRIVATE, PUBLIC, SERVER_1, SERVER_2 } from './roles.ts';
import { chosen } from './scheduling.ts';
import { prepareSnat } from './snat-fixture.ts';
import { putInto } from './states.ts';

const number = (i: number) => frames({ client: at(CLIENT, 1024 + i) });
const router = freshRouter();
const f = frames();

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
    establish(router, f);
    router.pass(1000);
    expect(router.receive(second.request(syn))).toEqual(forwarded(PRIVATE, second.forwarded(syn)));
  });

  test('so at two ports of one address', () => {
    const neighbour = frames({ vip: at(f.vip, 81) });
    router.addService({ servers: [SERVER_1] });
    router.addService({ at: at(f.vip, 81), servers: [SERVER_1] });
    router.receive(f.request(syn));
    putInto(router, f, 'time_wait');
    expect(router.receive(neighbour.request(syn))).toEqual(forwarded(PRIVATE, neighbour.forwarded(syn)));
    expect(router.state(f)).toBeUndefined();
  });

  test('the counts are right whoever wins', () => {
    const first = router.addService({ servers: [SERVER_1] });
    const service = router.addService({ at: other, servers: [SERVER_1] });
    establish(router, f);
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

test('a place that is taken by a client’s half, not by a reply, is not given up', () => {
  router.addService({ servers: [SERVER_1] });
  router.addService({ at: f.client, servers: [SERVER_2] });
  router.route(SERVER_2, { device: PUBLIC });
  const ofServer = f.reply({ ...syn, hop: fromServer(SERVER_1) });
  expect(router.receiveReply(ofServer).action).toBe('forwarded');
  router.pass(1000); // the timer will take it, not a newcomer
  expect(router.receive(f.request(syn))).toEqual(dropped('tuple_in_use'));
  expect(router.halves).toBe(2);
});

describe('a full table', () => {
  const small = freshRouter({ connections: 64, connectionRing: 1024 });

  function fill(established: boolean): void {
    for (let i = 0; i < 32; i++) {
      small.receive(number(i).request({ flags: 'S' }));
      if (established) small.receive(number(i).request());
    }
    expect(small.halves).toBe(64);
  }

  test('drops a new connection when none is half open, and keeps all others', () => {
    const service = small.addService({ servers: [SERVER_1] });
    fill(true);
    expect(small.receive(number(99).request({ flags: 'S' }))).toEqual({ action: 'dropped', reason: 'table_full' });
    expect(small.halves).toBe(64);
    expect(service.load(SERVER_1)).toEqual({ active: 32, inactive: 0 });
    expect(small.receive(number(7).request())).toEqual(forwarded(PRIVATE, number(7).forwarded()));
  });

  test('takes back half-open connections first', () => {
    const service = small.addService({ servers: [SERVER_1] });
    fill(false);
    for (let i = 0; i < 32; i++) if (i !== 3) small.receive(number(i).request());
    expect(small.receive(number(99).request({ flags: 'S' }))).toEqual(
      forwarded(PRIVATE, number(99).forwarded({ flags: 'S' })),
    );
    expect(small.state(number(3))).toBeUndefined();
    expect(small.happened('connection_reclaimed')).toBe(1);
    expect(small.halves).toBe(64);
    expect(service.load(SERVER_1)).toEqual({ active: 32, inactive: 0 });
  });

  test('and those that have expired', () => {
    small.addService({ servers: [SERVER_1] });
    fill(true);
    small.receive(number(5).request({ flags: 'R' }));
    small.pass(30);
    for (let i = 0; i < 32; i++) if (i !== 5) small.receive(number(i).request());
    expect(small.receive(number(99).request({ flags: 'S' })).action).toBe('forwarded');
    expect(small.state(number(5))).toBeUndefined();
  });

  test('persistence keeps the client’s server all the same', () => {
    small.addService({ scheduler: 'rr', persistence: { ticks: 9000 }, servers: [SERVER_1, SERVER_2] });
    for (let i = 0; i < 32; i++) small.receive(number(i).request({ flags: 'S' }));
    expect(chosen(small, at(CLIENT, 9999))).toBe('2');
  });

  test('with room for one half alone keeps neither', () => {
    const service = small.addService({ servers: [SERVER_1] });
    fill(true);
    small.tables.connections.delete(small.connection(number(3)).forward?.key as never);
    expect(small.receive(number(99).request(syn))).toEqual(dropped('table_full'));
    expect(small.halves).toBe(63);
    expect(small.connection(number(99))).toEqual({ forward: undefined, reply: undefined });
    expect(service.load(SERVER_1)).toEqual({ active: 32, inactive: 0 });
  });
});

describe('with snat, no room left for where the packets go', () => {
  const small = freshRouter({ translations: 3 });

  test('drops a new connection and keeps neither of its halves', () => {
    prepareSnat(small);
    const service = small.addService({ snat: true, servers: [SERVER_1] });
    establish(small, number(1)); // half open it would give way
    const load = service.load(SERVER_1);
    expect(small.receive(number(2).request(syn))).toEqual(dropped('table_full'));
    expect([small.halves, small.tables.translations.size]).toEqual([2, 2]);
    expect(service.load(SERVER_1)).toEqual(load);
  });
});
