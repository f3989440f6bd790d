// SPDX-License-Identifier: MIT
// bpf/snat.h: a service whose servers see the router as their client, both ways, in every kind of packet.
import { describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { fragmentsOf } from './fragments.ts';
import type { FrameFields } from './frame.ts';
import { answerTo, ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { answered, forwarded, passed } from './outcome.ts';
import {
  at,
  CLIENT,
  FROM_GATEWAY,
  fromServer,
  OTHER_CLIENT,
  PRIVATE,
  PUBLIC,
  SERVER_1,
  TO_GATEWAY,
  toServer,
  VIP,
} from './roles.ts';
import { FIB, MTU } from './router.ts';
import type { ServiceFixture } from './service-fixture.ts';
import { FROM_INSIDER, freshSnatRouter, INSIDER, keyOf, SnatFrames, TO_INSIDER } from './snat-fixture.ts';

const router = freshSnatRouter();

const SERVER = at(SERVER_1, 8080);
type Protocol = 'tcp' | 'udp';

const serve = (protocol: Protocol = 'tcp'): ServiceFixture =>
  router.addService({ protocol, snat: true, servers: [SERVER] });

/** A connection whose data flows. */
function connected(protocol: Protocol = 'tcp', client = CLIENT): SnatFrames {
  serve(protocol);
  const f = new SnatFrames({ server: SERVER, protocol, client });
  f.open(router);
  router.receiveReply(f.reply({ flags: 'SA' }));
  return f;
}

describe.each(['tcp', 'udp'] as const)('%s', (protocol) => {
  test('a packet to the VIP leaves for the server from the router', () => {
    serve(protocol);
    const f = new SnatFrames({ server: SERVER, protocol });
    const outcome = f.open(router);
    expect(f.router.port).toBeGreaterThanOrEqual(1024);
    expect(f.router.port).toBeLessThan(32768);
    expect(outcome).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'S' })));
  });

  test('the reply to the router leaves for the client, from the VIP', () => {
    serve(protocol);
    const f = new SnatFrames({ server: SERVER, protocol });
    f.open(router);
    expect(router.receiveReply(f.reply({ flags: 'SA' }))).toEqual(forwarded(PUBLIC, f.returned({ flags: 'SA' })));
  });

  test('later packets are rewritten as the first, of any length', () => {
    const f = connected(protocol);
    for (let length = 0; length < 20; length++) {
      const fields = { payload: new Uint8Array(length).fill(length) };
      expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
      expect(router.receiveReply(f.reply(fields))).toEqual(forwarded(PUBLIC, f.returned(fields)));
    }
  });

  test('a client in the servers’ network is answered by way of the router: in and out by one device', () => {
    serve(protocol);
    const f = new SnatFrames({ server: SERVER, protocol, client: INSIDER });
    expect(f.open(router)).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'S' })));
    expect(router.receiveReply(f.reply({ flags: 'SA' }))).toEqual(forwarded(PRIVATE, f.returned({ flags: 'SA' })));
    expect(router.receive(f.request(), PRIVATE)).toEqual(forwarded(PRIVATE, f.forwarded()));
  });

  test('an error from the client’s side reaches the server from the router, about what the server sent', () => {
    const f = connected(protocol);
    const complaint = { from: at(OTHER_CLIENT, 0), to: VIP, hop: FROM_GATEWAY, icmp: ICMP.tooBig(1400) };
    const arrived = { from: f.router, to: SERVER, hop: toServer(SERVER), icmp: ICMP.tooBig(1400), ttl: 63 };
    expect(router.receive(icmpError(complaint, packetOf(f.returned({ ttl: 60 }))))).toEqual(
      forwarded(PRIVATE, icmpError(arrived, packetOf(f.reply({ ttl: 60 })))),
    );
  });

  test('an error from the server reaches the client from the VIP, about what the client sent', () => {
    const f = connected(protocol);
    const refusal = { from: SERVER, to: f.router, hop: fromServer(SERVER), icmp: ICMP.portUnreachable };
    const arrived = { from: VIP, to: f.client, hop: TO_GATEWAY, icmp: ICMP.portUnreachable, ttl: 63 };
    expect(router.receiveReply(icmpError(refusal, packetOf(f.forwarded({ ttl: 60 }))))).toEqual(
      forwarded(PUBLIC, icmpError(arrived, packetOf(f.request({ ttl: 60 })))),
    );
  });

  test('fragments follow their first, both ways', () => {
    const f = connected(protocol);
    const large = { payload: Uint8Array.from({ length: 2000 }, (_, i) => i * 7), fragment: 0 };
    const split = (frame: Uint8Array): Uint8Array[] => fragmentsOf(frame, [1400]);
    const there = split(f.request(large)).map((fragment) => router.receive(fragment));
    expect(there).toEqual(split(f.forwarded(large)).map((fragment) => forwarded(PRIVATE, fragment)));
    const back = split(f.reply(large)).map((fragment) => router.receiveReply(fragment));
    expect(back).toEqual(split(f.returned(large)).map((fragment) => forwarded(PUBLIC, fragment)));
  });
});

test('UDP without a checksum stays without one, both ways', () => {
  const f = connected('udp');
  const fields = { withoutChecksum: true } satisfies Partial<FrameFields>;
  expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
  expect(router.receiveReply(f.reply(fields))).toEqual(forwarded(PUBLIC, f.returned(fields)));
});

describe('a connection with snat', () => {
  const entries = (): number[] => [router.halves, router.tables.translations.size];

  test('is gone whole when it has expired', () => {
    connected();
    expect(entries()).toEqual([2, 2]);
    router.pass(902);
    expect(router.run('expire')).toBe(1);
    expect(entries()).toEqual([0, 0]);
  });

  test('goes through the states and counts as any other', () => {
    const service = serve();
    const f = new SnatFrames({ server: SERVER });
    f.open(router);
    const state = () => abi.stateNames[(router.tables.connections.get(keyOf(f.client, VIP))?.state ?? 0) & 31];
    expect(state()).toBe('syn_recv');
    router.receiveReply(f.reply({ flags: 'SA' }));
    router.receive(f.request());
    expect(state()).toBe('established');
    expect(service.load(SERVER)).toEqual({ active: 1, inactive: 0 });
    router.receive(f.request({ flags: 'FA' }));
    router.receiveReply(f.reply({ flags: 'FA' }));
    expect(state()).toBe('time_wait');
    expect(service.load(SERVER)).toEqual({ active: 0, inactive: 1 });
  });

  test('that is over gives way to the same client’s next', () => {
    const f = connected();
    router.receive(f.request());
    router.receive(f.request({ flags: 'R' }));
    expect(f.open(router).action).toBe('forwarded');
    expect(entries()).toEqual([2, 2]);
    expect(router.happened('connection_reused')).toBe(1);
  });

  test('stays beside that of another client at the same port', () => {
    const f = connected();
    const other = new SnatFrames({ server: SERVER, client: OTHER_CLIENT });
    other.open(router);
    for (const one of [f, other]) {
      expect(router.receive(one.request())).toEqual(forwarded(PRIVATE, one.forwarded()));
      expect(router.receiveReply(one.reply())).toEqual(forwarded(PUBLIC, one.returned()));
    }
  });

  test('follows its client and its server when their ways change', () => {
    const f = connected();
    router.route(SERVER_1, { device: PRIVATE, hop: { source: TO_INSIDER.source, destination: '02:00:00:00:02:99' } });
    router.route(CLIENT, { hop: { source: TO_GATEWAY.source, destination: '02:00:00:00:01:99' } });
    router.announceChange();
    const there = { hop: { source: TO_INSIDER.source, destination: '02:00:00:00:02:99' } };
    const back = { hop: { source: TO_GATEWAY.source, destination: '02:00:00:00:01:99' } };
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded(there)));
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned(back)));
  });

  test('whose server’s neighbour is unknown goes to the kernel, rewritten at both ends', () => {
    serve();
    router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
    const f = new SnatFrames({ server: SERVER, client: INSIDER });
    const outcome = f.open(router);
    expect(outcome).toEqual(passed('neighbour', f.forwarded({ hop: FROM_INSIDER, ttl: 64, flags: 'S' })));
  });

  test('tells its server, as the router, of a reply that is too big or too old: the kernel would take it for its own', () => {
    const f = connected();
    const large = f.reply({ payload: new Uint8Array(MTU - 30) });
    const big = answerTo(large, f.server, f.router, ICMP.tooBig(MTU));
    expect(router.receiveReply(large)).toEqual(answered('too_big', big, PRIVATE));
    const old = f.reply({ ttl: 1 });
    const over = answerTo(old, f.server, f.router, ICMP.timeExceeded);
    expect(router.receiveReply(old)).toEqual(answered('ttl_exceeded', over, PRIVATE));
  });

  test('tells its client, as the VIP and in its own words, of a request that is too old', () => {
    const f = connected();
    const old = f.request({ ttl: 1 });
    expect(router.receive(old)).toEqual(answered('ttl_exceeded', answerTo(old, CLIENT, VIP, ICMP.timeExceeded)));
  });

  test('keeps its client’s server by persistence, whatever address the server sees', () => {
    router.addService({
      snat: true,
      scheduler: 'rr',
      persistence: { ticks: 1000 },
      servers: [SERVER, at(SERVER_1, 81)],
    });
    const seen = [1, 2, 3].map((port) => {
      const f = new SnatFrames({ server: SERVER, client: at(CLIENT, port) });
      return f.open(router).frame?.split(' ')[2]?.slice(4, 8);
    });
    expect(new Set(seen).size).toBe(1);
  });
});

test('a service without it beside one with it is as ever', () => {
  serve();
  router.addService({ at: at(VIP, 81), servers: [at(SERVER_1, 81)] });
  const plain = router.receive(new SnatFrames({ server: SERVER }).request({ flags: 'S', to: at(VIP, 81) }));
  const server = at(SERVER_1, 81);
  expect(plain).toEqual(forwarded(PRIVATE, new SnatFrames({ server }).forwarded({ flags: 'S', from: CLIENT })));
  expect(router.tables.translations.size).toBe(0);
});
