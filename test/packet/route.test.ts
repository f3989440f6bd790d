// SPDX-License-Identifier: MIT
// bpf/route.h: where packets go next, how long that is believed, and what happens when nobody knows.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { IP_HEADER, isIpv6, wideAddress } from './family.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { answered, dropped, forwarded, passed } from './outcome.ts';
import { at, CLIENT, ELSEWHERE, fromServer, PRIVATE, PUBLIC, SERVER_1, TO_GATEWAY, toServer } from './roles.ts';
import { FIB, Router } from './router.ts';

const router = Router.open();
const f = frames();
const syn = { flags: 'S' };

beforeEach(() => {
  router.reset();
  router.addService({ scheduler: 'rr', servers: [SERVER_1] });
});
afterAll(() => router.close());

const bytes = (length: number) => ({ payload: new Uint8Array(length - IP_HEADER - 20) });

describe('the kernel is asked', () => {
  test('for the way to the server from where the client’s packet came in, and for the way back from there', () => {
    router.receive(f.request(syn));
    expect(router.question).toEqual({
      source: wideAddress(f.vip.address),
      destination: wideAddress(CLIENT.address),
      ifindex: PRIVATE,
      protocol: 6,
      asked: 2,
    });
  });

  test.each(['tcp', 'udp'] as const)('for the way to the server as by the client’s own %s packet', (protocol) => {
    router.addService({ protocol: 'udp', servers: [SERVER_1] });
    // nothing more is asked then
    router.route(SERVER_1, { result: FIB.NOT_FORWARDED });
    router.receive(f.request({ protocol, ...syn }));
    expect(router.question).toEqual({
      source: wideAddress(CLIENT.address),
      destination: wideAddress(SERVER_1.address),
      ifindex: PUBLIC,
      protocol: protocol === 'tcp' ? 6 : 17,
      asked: 1,
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
    router.tables.daemons.set(0, { seen: router.now, pid: 1, shortage: 0 });
    router.pass(20);
    expect(asked()).toBe(6);
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

  if (!isIpv6)
    describe('a larger one that may be fragmented is handed to the kernel rewritten', () => {
      const large = { ...bytes(1401), fragment: 0 };

      test('to the server', () => {
        router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 1400 });
        router.receive(f.request(syn));
        expect(router.receive(f.request(large))).toEqual(passed('too_big', f.handedOver(large)));
        expect(router.receive(f.request(bytes(1400)))).toEqual(forwarded(PRIVATE, f.forwarded(bytes(1400))));
      });

      test('so is a larger first one', () => {
        router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 1400 });
        const first = { ...syn, ...large };
        expect(router.receive(f.request(first))).toEqual(passed('too_big', f.handedOver(first)));
        expect(router.state(f)).toBe('syn_recv');
      });

      test('and to the client', () => {
        router.route(CLIENT, { mtu: 1400 });
        router.receive(f.request(syn));
        const handed = f.returned({ ...large, hop: fromServer(SERVER_1), ttl: 64 });
        expect(router.receiveReply(f.reply(large))).toEqual(passed('too_big', handed));
      });
    });

  describe('a larger one that may not be fragmented is refused', () => {
    const large = bytes(1401);

    test('a client hears of it from the VIP, with the MTU that would fit', () => {
      router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 1400 });
      router.receive(f.request(syn));
      const answer = answerTo(f.request(large), f.client, f.vip, ICMP.tooBig(1400));
      expect(router.receive(f.request(large))).toEqual(answered('too_big', answer));
      expect(router.receive(f.request(bytes(1400)))).toEqual(forwarded(PRIVATE, f.forwarded(bytes(1400))));
    });

    test('so it does of a larger first one, whose connection is made', () => {
      router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 1400 });
      const first = f.request({ ...syn, ...large });
      expect(router.receive(first)).toEqual(answered('too_big', answerTo(first, f.client, f.vip, ICMP.tooBig(1400))));
      expect(router.state(f)).toBe('syn_recv');
    });

    test('a server hears of it from the kernel', () => {
      router.route(CLIENT, { mtu: 1400 });
      router.receive(f.request(syn));
      expect(router.receiveReply(f.reply(large))).toEqual(passed('refused_reply', f.reply(large)));
      expect(router.receiveReply(f.reply(bytes(1400)))).toEqual(forwarded(PUBLIC, f.returned(bytes(1400))));
    });
  });

  test('is the device’s where the kernel names more, as it may of VLAN devices', () => {
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 9000 });
    router.receive(f.request(syn));
    expect(router.connection(f).forward?.mtu).toBe(1500);
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
