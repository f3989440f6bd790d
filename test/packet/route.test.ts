// SPDX-License-Identifier: MIT
// bpf/route.h: where packets go next, how long that is believed, and what happens when nobody knows.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { addressNumber } from './frame.ts';
import { dropped, forwarded, passed } from './outcome.ts';
import {
  at,
  CLIENT,
  ELSEWHERE,
  FROM_GATEWAY,
  PRIVATE,
  PUBLIC,
  SERVER_1,
  SOMEBODY_MAC,
  TO_GATEWAY,
  toServer,
} from './roles.ts';
import { FIB, Router } from './router.ts';

const router = Router.open();
const f = frames();
const syn = { flags: 'S' };

beforeEach(() => {
  router.reset();
  router.addService({ scheduler: 'rr', servers: [SERVER_1] });
});
afterAll(() => router.close());

const bytes = (length: number) => ({ payload: new Uint8Array(length - 40) });

describe('the kernel is asked', () => {
  test('for the way to the server from where the client’s packet came in, and for the way back from there', () => {
    router.receive(f.request(syn));
    expect(router.question).toEqual({
      source: addressNumber(f.vip.address),
      destination: addressNumber(CLIENT.address),
      ifindex: PRIVATE,
      protocol: 6,
      asked: 2,
    });
  });

  test('once per direction, however many packets follow', () => {
    router.receive(f.request(syn));
    for (let i = 0; i < 5; i++) {
      router.receive(f.request());
      router.receiveReply(f.reply());
      router.pass(10);
    }
    expect(router.question.asked).toBe(2);
    expect(router.happened('route_resolved')).toBe(2);
  });

  test('again when user space says that something changed, and the new way is taken', () => {
    router.receive(f.request(syn));
    const hop = { source: '02:00:00:00:02:fd', destination: '02:00:00:00:02:99' };
    router.route(SERVER_1, { device: PUBLIC, hop });
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
    router.announceChange();
    expect(router.receive(f.request())).toEqual(forwarded(PUBLIC, f.forwarded({ hop })));
    const back = { source: '02:00:00:00:01:fd', destination: '02:00:00:00:01:99' };
    router.route(CLIENT, { hop: back });
    router.announceChange();
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned({ hop: back })));
  });

  test('again when no daemon has been seen for half a minute, and not more often than that', () => {
    router.receive(f.request(syn));
    const asked = () => {
      router.run('age_routes');
      router.receive(f.request());
      router.receiveReply(f.reply());
      return router.question.asked;
    };
    router.pass(20);
    expect(asked()).toBe(2);
    router.pass(11);
    expect(asked()).toBe(4);
    router.pass(20);
    expect(asked()).toBe(4);
    router.pass(11);
    expect(asked()).toBe(6);
    router.tables.daemons.set(0, { seen: router.now, pid: 1 });
    router.pass(20);
    expect(asked()).toBe(6);
  });
});

describe('no neighbour towards the server', () => {
  beforeEach(() => router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR }));

  test('the packet is handed to the kernel rewritten, not a hop older', () => {
    expect(router.receive(f.request(syn))).toEqual(passed('neighbour', f.handedOver(syn)));
  });

  test('so are all that follow, until the neighbour is known', () => {
    router.receive(f.request(syn));
    expect(router.receive(f.request())).toEqual(passed('neighbour', f.handedOver()));
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1) });
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
  });

  test('UDP likewise', () => {
    router.addService({ protocol: 'udp', servers: [SERVER_1] });
    const udp = { protocol: 'udp' } as const;
    expect(router.receive(f.request(udp))).toEqual(passed('neighbour', f.handedOver(udp)));
  });

  test('the reply finds its connection all the same', () => {
    router.receive(f.request(syn));
    expect(router.receiveReply(f.reply({ flags: 'SA' }))).toEqual(forwarded(PUBLIC, f.returned({ flags: 'SA' })));
  });

  test('a packet that is handed over counts for its server', () => {
    router.reset();
    router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
    const service = router.addService({ servers: [SERVER_1] });
    router.receive(f.request(syn));
    expect(service.counters(SERVER_1)).toMatchObject({ connections: 1n, incomingPackets: 1n, incomingBytes: 54n });
  });

  test('a neighbour that is lost later: handed over again', () => {
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1) });
    router.receive(f.request(syn));
    router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
    router.announceChange();
    expect(router.receive(f.request())).toEqual(passed('neighbour', f.handedOver()));
  });

  test('the last hop of a packet ends here', () => {
    router.receive(f.request(syn));
    expect(router.receive(f.request({ ttl: 1 }))).toEqual(dropped('ttl_exceeded'));
  });
});

describe('no neighbour towards the client', () => {
  const lost = { result: FIB.NO_NEIGHBOUR, device: PUBLIC };

  test('the reply goes the way the client’s own frame came', () => {
    router.route(CLIENT, lost);
    router.receive(f.request(syn));
    expect(router.receiveReply(f.reply({ flags: 'SA' }))).toEqual(forwarded(PUBLIC, f.returned({ flags: 'SA' })));
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });

  test('from whichever gateway it came', () => {
    router.route(CLIENT, lost);
    router.receive(f.request({ ...syn, hop: { ...FROM_GATEWAY, source: SOMEBODY_MAC } }));
    const hop = { ...TO_GATEWAY, destination: SOMEBODY_MAC };
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned({ hop })));
  });

  test('not by a device that the route does not use: then the reply is dropped', () => {
    router.route(CLIENT, { ...lost, device: PRIVATE });
    expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
    expect(router.receiveReply(f.reply())).toEqual(dropped('no_neighbour'));
  });

  test('that was known before keeps its MAC', () => {
    router.receive(f.request(syn));
    router.route(CLIENT, lost);
    router.announceChange();
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });

  test('that was known on another device is learned from the next frame of the client', () => {
    router.route(CLIENT, { device: PRIVATE });
    router.receive(f.request(syn));
    router.route(CLIENT, lost);
    router.announceChange();
    expect(router.receiveReply(f.reply())).toEqual(dropped('no_neighbour'));
    router.receive(f.request());
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });
});

describe('no way to the server', () => {
  test.each([
    ['no route', { result: FIB.NOT_FORWARDED }, 'no_route'],
    ['a blackhole', { result: FIB.BLACKHOLE }, 'no_route'],
    ['unreachable', { result: FIB.UNREACHABLE }, 'no_route'],
    ['prohibited', { result: FIB.PROHIBIT }, 'no_route'],
    ['forwarding is off', { result: FIB.DISABLED }, 'not_forwarding'],
    ['out of a device that is not the router’s', { device: ELSEWHERE }, 'foreign_device'],
    ['out of such a device, neighbour unknown', { device: ELSEWHERE, result: FIB.NO_NEIGHBOUR }, 'foreign_device'],
  ])('%s: dropped, first packet or later', (_, route, reason) => {
    router.route(SERVER_1, route);
    expect(router.receive(f.request(syn))).toEqual(dropped(reason));
    expect(router.halves).toBe(0);
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1) });
    router.receive(f.request(syn));
    router.route(SERVER_1, route);
    router.announceChange();
    expect(router.receive(f.request())).toEqual(dropped(reason));
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1) });
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
  });
});

describe('no way back to the client', () => {
  test('a first packet passes untouched', () => {
    router.route(CLIENT, { result: FIB.NOT_FORWARDED });
    const frame = f.request(syn);
    expect(router.receive(frame)).toEqual(passed('unroutable_client', frame));
    expect(router.halves).toBe(0);
  });

  test.each([
    ['no route', { result: FIB.NOT_FORWARDED }, 'no_route'],
    ['forwarding is off', { result: FIB.DISABLED }, 'not_forwarding'],
    ['out of a device that is not the router’s', { device: ELSEWHERE }, 'foreign_device'],
  ])('%s: later replies are dropped', (_, route, reason) => {
    router.receive(f.request(syn));
    router.route(CLIENT, route);
    router.announceChange();
    expect(router.receiveReply(f.reply())).toEqual(dropped(reason));
    router.route(CLIENT);
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });

  test('forwarding is off on the private side: a first packet is dropped', () => {
    router.route(CLIENT, { result: FIB.DISABLED });
    expect(router.receive(f.request(syn))).toEqual(dropped('not_forwarding'));
  });
});

describe('the next hop’s MTU', () => {
  test('a packet of just that size is forwarded, both ways', () => {
    router.receive(f.request(syn));
    expect(router.receive(f.request(bytes(1500)))).toEqual(forwarded(PRIVATE, f.forwarded(bytes(1500))));
    expect(router.receiveReply(f.reply(bytes(1500)))).toEqual(forwarded(PUBLIC, f.returned(bytes(1500))));
  });

  test('a larger one to the server is handed to the kernel rewritten, which fragments or refuses it', () => {
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 1400 });
    router.receive(f.request(syn));
    expect(router.receive(f.request(bytes(1401)))).toEqual(passed('too_big', f.handedOver(bytes(1401))));
    expect(router.receive(f.request(bytes(1400)))).toEqual(forwarded(PRIVATE, f.forwarded(bytes(1400))));
  });

  test('so is a larger first one', () => {
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 1400 });
    const first = { ...syn, ...bytes(1401) };
    expect(router.receive(f.request(first))).toEqual(passed('too_big', f.handedOver(first)));
    expect(router.state(f)).toBe('syn_recv');
  });

  test('a larger one to the client is dropped', () => {
    router.route(CLIENT, { mtu: 1400 });
    router.receive(f.request(syn));
    expect(router.receiveReply(f.reply(bytes(1401)))).toEqual(dropped('too_big'));
    expect(router.receiveReply(f.reply(bytes(1400)))).toEqual(forwarded(PUBLIC, f.returned(bytes(1400))));
  });

  test('is the device’s where the kernel names none', () => {
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 0 });
    router.receive(f.request(syn));
    expect(router.connection(f).forward?.mtu).toBe(1500);
  });
});

test('a server behind the client’s own device is reached', () => {
  router.route(SERVER_1, { device: PUBLIC });
  expect(router.receive(f.request(syn))).toEqual(forwarded(PUBLIC, f.forwarded({ ...syn, hop: TO_GATEWAY })));
});

test('a first packet that came in on a device that is not the router’s passes untouched', () => {
  router.tables.interfaces.delete(PUBLIC);
  const frame = frames({ client: at(CLIENT, 1) }).request(syn);
  expect(router.receive(frame)).toEqual(passed('other_host', frame));
});
