// SPDX-License-Identifier: MIT
// bpf/listener.h: with nat_icmp_send a server hears that what it sends from where it listens belongs to no connection.
import { beforeEach, describe, expect, test } from 'vitest';
import { carries } from './chunks.ts';
import { establish, freshRouter, syn } from './conntrack-fixture.ts';
import { type Frames, frames } from './conversation.ts';
import { fragmentsOf } from './fragments.ts';
import type { FrameFields } from './frame.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { answered, dropped, forwarded, passed } from './outcome.ts';
import { at, CLIENT, fromServer, PRIVATE, PUBLIC, PUBLIC_MAC, SERVER_1, SERVER_2, SOMEBODY_MAC, VIP } from './roles.ts';
import { prepareSnat, putAddress, ROUTER } from './snat-fixture.ts';

const router = freshRouter();
beforeEach(() => {
  putAddress(router, ROUTER.address, '10.0.0.0', 24);
  router.set({ natIcmpSend: 1 });
});

type Protocol = 'tcp' | 'udp' | 'sctp';
const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'sctp'];
const f = frames();

const refused = (sent: Uint8Array, router = ROUTER) =>
  answered('no_connection', answerTo(sent, SERVER_1, router, ICMP.portUnreachable), PRIVATE);
const untouched = (sent: Uint8Array) => passed('no_service', sent);

describe.each(PROTOCOLS)('%s', (protocol) => {
  const send = (fields: Partial<FrameFields> = {}): Uint8Array => f.reply({ protocol, ...fields });

  test('without a connection is dropped; its server hears of it from the router', () => {
    router.addService({ protocol, servers: [SERVER_1] });
    expect(router.receiveReply(send())).toEqual(refused(send()));
    expect(router.happened('icmp_sent')).toBe(1);
    expect(router.halves).toBe(0);
  });

  test('is the kernel’s without the switch', () => {
    router.addService({ protocol, servers: [SERVER_1] });
    router.set({ natIcmpSend: 0 });
    expect(router.receiveReply(send())).toEqual(untouched(send()));
  });

  test('from elsewhere is the kernel’s', () => {
    router.addService({ protocol, servers: [SERVER_1] });
    for (const from of [at(SERVER_1, 8080), SERVER_2])
      expect(router.receiveReply(send({ from }))).toEqual(untouched(send({ from })));
  });

  test('from the port of another protocol is the kernel’s', () => {
    for (const other of PROTOCOLS) if (other !== protocol) router.addService({ protocol: other, servers: [SERVER_1] });
    expect(router.receiveReply(send())).toEqual(untouched(send()));
  });

  test('from a port that a server of a mark names is refused', () => {
    router.addService({ mark: 7, servers: [SERVER_1, at(SERVER_2, 0)] });
    expect(router.receiveReply(send())).toEqual(refused(send()));
    expect(router.receiveReply(send({ from: SERVER_2 }))).toEqual(untouched(send({ from: SERVER_2 })));
  });

  test('from a port that a server of a service for every port names is refused', () => {
    const persistence = { ticks: 100 };
    router.addService({ protocol, at: at(VIP, 0), persistence, servers: [at(SERVER_1, 8080), at(SERVER_2, 0)] });
    const from = at(SERVER_1, 8080);
    expect(router.receiveReply(send({ from })).reason).toBe('no_connection');
    expect(router.receiveReply(send())).toEqual(untouched(send()));
    expect(router.receiveReply(send({ from: SERVER_2 }))).toEqual(untouched(send({ from: SERVER_2 })));
  });
});

describe('who gives up need not hear it', () => {
  test.each(['R', 'RA'])('a segment with "%s" passes', (flags) => {
    router.addService({ servers: [SERVER_1] });
    expect(router.receiveReply(f.reply({ flags }))).toEqual(untouched(f.reply({ flags })));
  });

  test.each(['S', 'SA', 'A', 'FA', ''])('one with "%s" does not', (flags) => {
    router.addService({ servers: [SERVER_1] });
    expect(router.receiveReply(f.reply({ flags }))).toEqual(refused(f.reply({ flags })));
  });

  test('an ABORT passes, an INIT does not', () => {
    router.addService({ protocol: 'sctp', servers: [SERVER_1] });
    expect(router.receiveReply(f.reply(carries('abort')))).toEqual(untouched(f.reply(carries('abort'))));
    expect(router.receiveReply(f.reply(carries('init')))).toEqual(refused(f.reply(carries('init'))));
  });
});

test('a reply of a connection is not asked', () => {
  router.addService({ servers: [SERVER_1] });
  establish(router, f);
  expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
});

test('with snat a reply without a connection is refused as well', () => {
  prepareSnat(router);
  router.addService({ snat: true, servers: [SERVER_1] });
  const to = at(ROUTER, 2000);
  expect(router.receiveReply(f.reply({ to }))).toEqual(refused(f.reply({ to })));
});

test('on whatever interface: the answer goes back by the one the packet came in on, from its address', () => {
  const own = { address: '192.0.2.1', port: 0 };
  router.addService({ servers: [SERVER_1] });
  const hop = { source: SOMEBODY_MAC, destination: PUBLIC_MAC };
  expect(router.receive(f.reply({ hop }))).toEqual(dropped('no_connection'));
  putAddress(router, own.address, '0.0.0.0', 0, PUBLIC);
  const answer = answerTo(f.reply({ hop }), SERVER_1, own, ICMP.portUnreachable);
  expect(router.receive(f.reply({ hop }))).toEqual(answered('no_connection', answer, PUBLIC));
});

test('what was not sent to the router is not its business', () => {
  router.addService({ servers: [SERVER_1] });
  const stray = f.reply({ hop: { ...fromServer(SERVER_1), destination: SOMEBODY_MAC } });
  expect(router.receiveReply(stray)).toEqual(untouched(stray));
});

test('before any service: what a server sends from there to a VIP makes no connection', () => {
  router.addService({ servers: [SERVER_2] });
  router.addService({ at: at(VIP, 81), servers: [SERVER_1] });
  const sent = f.reply({ ...syn, to: VIP });
  expect(router.receiveReply(sent)).toEqual(refused(sent));
  router.set({ natIcmpSend: 0 });
  router.route(SERVER_1, { device: PRIVATE });
  expect(router.receiveReply(sent)).toMatchObject({ action: 'forwarded' });
});

test('a removed server is none; one of weight 0 is', () => {
  const service = router.addService({ servers: [SERVER_1] });
  service.setWeight(SERVER_1, 0);
  expect(router.receiveReply(f.reply())).toEqual(refused(f.reply()));
  const restore = service.remove(SERVER_1);
  expect(router.receiveReply(f.reply())).toEqual(untouched(f.reply()));
  restore();
  service.delete();
  expect(router.receiveReply(f.reply())).toEqual(untouched(f.reply()));
});

test('while another service has the server too, it listens', () => {
  const services = [VIP, at(VIP, 81)].map((vip) => router.addService({ at: vip, servers: [SERVER_1] }));
  services[0]?.delete();
  expect(router.receiveReply(f.reply())).toEqual(refused(f.reply()));
  services[1]?.delete();
  expect(router.receiveReply(f.reply())).toEqual(untouched(f.reply()));
});

test('of a datagram in fragments the first is refused, the rest are the kernel’s', () => {
  router.addService({ protocol: 'udp', servers: [SERVER_1] });
  const whole = f.reply({ protocol: 'udp', payload: new Uint8Array(2000), fragment: 0 });
  const [first, second] = fragmentsOf(whole, [1000]) as [Uint8Array, Uint8Array];
  expect(router.receiveReply(first).reason).toBe('no_connection');
  expect(router.receiveReply(second)).toEqual(passed('fragment', second));
});

test('an ICMP message is about something else', () => {
  router.addService({ servers: [SERVER_1] });
  const ping = f.reply({ protocol: 'icmp' });
  expect(router.receiveReply(ping)).toEqual(passed('icmp', ping));
});

test('no more is said than of other drops', () => {
  router.addService({ servers: [SERVER_1] });
  router.passTicks(1);
  const send = (own: Frames) => router.receiveReply(own.reply()).action;
  const actions = Array.from({ length: 80 }, (_, i) => send(frames({ client: at(CLIENT, 1000 + i) })));
  expect(actions.filter((action) => action === 'answered')).toHaveLength(67);
  expect(router.reasons).toEqual({ no_connection: 80 });
});
