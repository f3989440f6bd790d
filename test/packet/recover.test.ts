// SPDX-License-Identifier: MIT
// bpf/recover.h: a flow whose entry was lost goes on when its server is the first to speak, with sloppy_tcp and if one service
// alone can have led to it.
import { beforeEach, describe, expect, test } from 'vitest';
import { establish, freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { CONNECTION_RING } from './family.ts';
import { fragmentsOf } from './fragments.ts';
import { dropped, forwarded, passed } from './outcome.ts';
import {
  at,
  CLIENT,
  ELSEWHERE,
  fromServer,
  PRIVATE,
  PUBLIC,
  PUBLIC_MAC,
  SERVER_1,
  SERVER_2,
  SERVER_3,
  SOMEBODY_MAC,
  VIP,
} from './roles.ts';
import { FIB, ticks } from './router.ts';
import type { ServiceFixture, ServiceSpec } from './service-fixture.ts';
import { putAddress, ROUTER } from './snat-fixture.ts';

const router = freshRouter();
beforeEach(() => router.set({ sloppyTcp: 1 }));

const f = frames({ server: at(SERVER_1, 8080) });
const serve = (spec: ServiceSpec = {}) => router.addService({ servers: [f.server, SERVER_2], ...spec });
const recovered = () => router.happened('connection_recovered');
const untouched = (sent = f.reply()) => passed('no_service', sent);

/** Nothing was made of the packet. */
function expectNothing(sent = f.reply()): void {
  expect(router.receiveReply(sent)).toEqual(untouched(sent));
  expect([router.halves, recovered()]).toEqual([0, 0]);
}

describe('the server’s segment', () => {
  test('leaves for the client from the VIP; the connection is there again, both ways', () => {
    const service = serve();
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect([router.halves, recovered(), router.happened('connection_created')]).toEqual([2, 1, 1]);
    expect(router.state(f)).toBe('established');
    expect(service.load(f.server)).toEqual({ active: 1, inactive: 0 });
    expect(service.counters(f.server)).toMatchObject({ connections: 1n, incomingPackets: 0n, outgoingPackets: 1n });
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(recovered()).toBe(1);
    expect(router.reasons).toEqual({});
  });

  test('of an entry that was lost in the middle: as if it had not been', () => {
    serve({ servers: [f.server] });
    establish(router, f);
    router.tables.connections.clear();
    for (let i = 0; i < 3; i++) expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(recovered()).toBe(1);
  });

  test('expires as any other', () => {
    const service = serve();
    router.receiveReply(f.reply());
    router.pass(902);
    router.goRound(1);
    expect(router.halves).toBe(0);
    expect(service.load(f.server)).toEqual({ active: 0, inactive: 0 });
  });

  test.each([
    ['A', 'established'],
    ['PA', 'established'],
    ['FA', 'time_wait'],
  ])('with "%s" makes it %s', (flags, state) => {
    serve();
    expect(router.receiveReply(f.reply({ flags }))).toEqual(forwarded(PUBLIC, f.returned({ flags })));
    expect(router.state(f)).toBe(state);
  });

  test.each(['S', 'SA', 'R', 'RA', 'F', 'P', ''])('with "%s" makes none', (flags) => {
    serve();
    expectNothing(f.reply({ flags }));
  });

  test('without sloppy_tcp makes none', () => {
    serve();
    router.set({ sloppyTcp: 0 });
    expectNothing();
  });

  test('in fragments is followed', () => {
    serve();
    const cut = (frame: Uint8Array) => fragmentsOf(frame, [1000]) as [Uint8Array, Uint8Array];
    const fields = { payload: new Uint8Array(2000), fragment: 0 };
    const [first, second] = cut(f.reply(fields));
    const [left, behind] = cut(f.returned(fields));
    expect(router.receiveReply(first)).toEqual(forwarded(PUBLIC, left));
    expect(router.receiveReply(second)).toEqual(forwarded(PUBLIC, behind));
  });

  test('that has no hop left, or is too big, is the kernel’s to complain of', () => {
    serve();
    const last = f.reply({ ttl: 1 });
    expect(router.receiveReply(last)).toEqual(passed('refused_reply', last));
    router.tables.connections.clear();
    const big = f.reply({ payload: new Uint8Array(1461) });
    expect(router.receiveReply(big)).toEqual(passed('refused_reply', big));
  });
});

describe('one service alone', () => {
  test('not two with the same server and port', () => {
    serve();
    const other = serve({ at: at(VIP, 81) });
    expectNothing();
    other.delete();
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });

  test('another port of the server is another place, another protocol too', () => {
    serve();
    serve({ at: at(VIP, 81), servers: [at(SERVER_1, 81)] });
    serve({ protocol: 'udp', at: at(VIP, 82) });
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });

  test.each([
    ['a mark’s', { mark: 7 }],
    ['one for every port', { at: at(VIP, 0), persistence: { ticks: 100 } }],
    ['one with snat', { snat: true }],
  ] as [string, ServiceSpec][])('not %s', (_, spec) => {
    serve(spec);
    expectNothing();
  });

  test.each([0, 8080])('not beside a mark’s that has the server too, at port %i', (port) => {
    serve();
    serve({ mark: 7, servers: [at(SERVER_1, port)] });
    expectNothing();
  });

  test('where the server names no port it listens at its service’s', () => {
    serve({ servers: [at(SERVER_1, 0)] });
    const own = frames({ server: SERVER_1 });
    expect(router.receiveReply(own.reply())).toEqual(forwarded(PUBLIC, own.returned()));
  });

  test('a server of weight 0 counts, a removed one and one of no service do not', () => {
    const service = serve();
    service.setWeight(f.server, 0);
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    router.tables.connections.clear();
    const other = frames({ server: SERVER_2, client: at(CLIENT, 1) });
    const restore = service.remove(SERVER_2);
    expect(router.receiveReply(other.reply())).toEqual(untouched(other.reply()));
    restore();
    service.delete();
    expect(router.receiveReply(f.reply())).toEqual(untouched());
  });

  test.each<[string, (service: ServiceFixture) => void]>([
    ['its server is removed', (service) => service.remove(f.server)],
    ['its service is gone', (service) => service.delete()],
    [
      'its service is another one',
      (service) => {
        service.delete();
        serve({ servers: [SERVER_3] });
      },
    ],
  ])('a listener that is behind the times leads nowhere: %s', (_, change) => {
    const service = serve();
    const stale = [...router.tables.listeners.entries()];
    change(service);
    router.tables.listeners.setMany(stale);
    expectNothing();
  });
});

describe('a connection to the server itself is not taken', () => {
  test('if the client has one of the VIP’s from that port, with another server', () => {
    const service = serve({ servers: [SERVER_2] });
    establish(router, frames({ server: SERVER_2 }));
    service.delete();
    serve();
    expect(router.receiveReply(f.reply())).toEqual(untouched());
    expect([router.halves, recovered()]).toEqual([2, 0]);
  });

  test('if it is the router’s, or leads nowhere', () => {
    serve();
    for (const result of [FIB.NOT_FORWARDED, FIB.BLACKHOLE, FIB.DISABLED]) {
      router.route(CLIENT, { result });
      expectNothing();
    }
  });

  test('if it leaves by a device that is not the router’s', () => {
    serve();
    router.route(CLIENT, { device: ELSEWHERE });
    expectNothing();
  });

  test('if it comes in by a public interface', () => {
    serve();
    const sent = f.reply({ hop: { source: SOMEBODY_MAC, destination: PUBLIC_MAC } });
    expect(router.receive(sent)).toEqual(untouched(sent));
  });

  test('if it was sent to another router', () => {
    serve();
    expectNothing(f.reply({ hop: { ...fromServer(SERVER_1), destination: SOMEBODY_MAC } }));
  });

  test('if its server is elsewhere', () => {
    serve();
    expectNothing(f.reply({ from: SERVER_3 }));
    expectNothing(f.reply({ from: at(SERVER_1, 8081) }));
  });
});

describe('next hops', () => {
  test('without the client’s neighbour nothing can be sent yet, and nothing is made', () => {
    serve();
    router.route(CLIENT, { result: FIB.NO_NEIGHBOUR });
    expect(router.receiveReply(f.reply())).toEqual(dropped('no_neighbour'));
    expect(router.halves).toBe(0);
    router.route(CLIENT);
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });

  test('the server’s may come with the client’s next packet', () => {
    serve();
    router.route(SERVER_1, { result: FIB.NO_NEIGHBOUR });
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    router.route(SERVER_1, {
      device: PRIVATE,
      hop: { source: fromServer(SERVER_1).destination, destination: fromServer(SERVER_1).source },
    });
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
  });
});

describe('persistence', () => {
  const persistence = { ticks: ticks(300) };
  const next = frames({ client: at(CLIENT, 40_001), server: f.server });

  test('leads the client to that server from now on', () => {
    serve({ persistence, scheduler: 'rr' });
    router.receiveReply(f.reply());
    expect([...router.tables.persistence.values()]).toMatchObject([{ active: 1, assured: 1 }]);
    for (const port of [1, 2, 3]) {
      const own = frames({ client: at(CLIENT, port), server: f.server });
      expect(router.receive(own.request(syn))).toEqual(forwarded(PRIVATE, own.forwarded(syn)));
    }
  });

  test('that leads it there already is held by one more', () => {
    serve({ persistence, servers: [f.server] });
    router.receive(next.request(syn));
    router.receiveReply(f.reply());
    expect([...router.tables.persistence.values()]).toMatchObject([{ active: 2 }]);
  });

  test('that leads it elsewhere is left alone, and not held', () => {
    serve({ persistence, scheduler: 'rr' });
    const elsewhere = frames({ client: next.client, server: SERVER_2 });
    expect(router.receive(elsewhere.request(syn))).toEqual(forwarded(PRIVATE, elsewhere.forwarded(syn)));
    const [before] = router.tables.persistence.values();
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect([...router.tables.persistence.values()]).toEqual([before]);
    expect(router.connection(f).forward?.prefix).toBe(0);
  });
});

test('when the table is full it is dropped, as a new connection', () => {
  serve();
  router.tables.ringCursors.set(CONNECTION_RING, { head: 8192n, tail: 0n });
  expect(router.receiveReply(f.reply())).toEqual(dropped('table_full'));
  expect(router.reasons).toEqual({ table_full: 1 });
});

test('the service’s threshold counts it', () => {
  const service = serve({ servers: [{ at: f.server, upper: 1 }] });
  router.receiveReply(f.reply());
  expect(service.load(f.server)).toEqual({ active: 1, inactive: 0 });
  expect(router.receive(frames({ client: at(CLIENT, 1) }).request(syn)).reason).toBe('no_server');
});

test('with nat_icmp_send only what cannot have been lost is refused', () => {
  serve();
  putAddress(router, ROUTER.address, '0.0.0.0', 0);
  router.set({ natIcmpSend: 1 });
  expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  router.tables.connections.clear();
  router.route(CLIENT, { result: FIB.NOT_FORWARDED });
  expect(router.receiveReply(f.reply())).toMatchObject({ action: 'answered', reason: 'no_connection' });
  router.route(CLIENT);
  serve({ at: at(VIP, 81) });
  expect(router.receiveReply(f.reply())).toMatchObject({ action: 'answered', reason: 'no_connection' });
});
