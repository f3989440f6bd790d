// SPDX-License-Identifier: MIT
// bpf/deliver.h: a packet of ours is sent, handed to the kernel rewritten, or refused; the first two count for its server.
import { describe, expect, test } from 'vitest';
import { carries } from './chunks.ts';
import { freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { IP_HEADER } from './family.ts';
import { fragmentsOf } from './fragments.ts';
import type { FrameFields } from './frame.ts';
import { answerTo, ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { answered, passed } from './outcome.ts';
import { CLIENT, FROM_GATEWAY, fromServer, PRIVATE, PUBLIC, SERVER_1, toServer, VIP } from './roles.ts';
import { FIB } from './router.ts';

const router = freshRouter();
const f = frames();
const fragmented = { protocol: 'udp', payload: new Uint8Array(2000), fragment: 0 } as const;
const sent = { ttl: 60 };

type Protocol = 'tcp' | 'udp' | 'sctp';
/** What comes from the client, and from the server. */
type Both = readonly [Uint8Array, Uint8Array];

const last = (frame: Uint8Array): Uint8Array => fragmentsOf(frame, [1000])[1] as Uint8Array;
const error = (hop: FrameFields['hop'], from: typeof CLIENT, to: typeof CLIENT, about: Uint8Array): Uint8Array =>
  icmpError({ hop, from, to, icmp: ICMP.portUnreachable }, packetOf(about));

const KINDS: [string, Protocol, Both][] = [
  ['a segment', 'tcp', [f.request(), f.reply()]],
  ['a segment that moves the state', 'tcp', [f.request({ flags: 'FA' }), f.reply({ flags: 'FA' })]],
  ['a datagram', 'udp', [f.request({ protocol: 'udp' }), f.reply({ protocol: 'udp' })]],
  ['a fragment behind the first', 'udp', [last(f.request(fragmented)), last(f.reply(fragmented))]],
  ['SCTP', 'sctp', [f.request(carries('data')), f.reply(carries('data'))]],
  [
    'an ICMP error',
    'tcp',
    [
      error(FROM_GATEWAY, CLIENT, VIP, f.returned(sent)),
      error(fromServer(SERVER_1), SERVER_1, CLIENT, f.forwarded(sent)),
    ],
  ],
];

describe.each(KINDS)('%s', (_, protocol, [request, reply]) => {
  function connect() {
    const service = router.addService({ protocol, servers: [SERVER_1] });
    const first = protocol === 'sctp' ? carries('init') : { protocol, ...syn };
    router.receive(f.request(first));
    for (const [frame, device] of [
      [f.request(fragmented), PUBLIC],
      [f.reply(fragmented), PRIVATE],
    ] as const)
      if (protocol === 'udp') router.receive(fragmentsOf(frame, [1000])[0] as Uint8Array, device);
    return service;
  }

  /** What the packet adds to its server's counts. */
  function adds(service: ReturnType<typeof connect>, frame: Uint8Array, device: number) {
    const before = service.counters(SERVER_1);
    const { action } = router.receive(frame, device);
    const after = service.counters(SERVER_1);
    const of = (name: 'incomingPackets' | 'incomingBytes' | 'outgoingPackets' | 'outgoingBytes') =>
      Number(after?.[name]) - Number(before?.[name]);
    return {
      action,
      in: [of('incomingPackets'), of('incomingBytes')],
      out: [of('outgoingPackets'), of('outgoingBytes')],
    };
  }
  const lengthOf = (frame: Uint8Array): number => frame.length - 14;

  test('that is sent counts once, with its bytes, both ways', () => {
    const service = connect();
    expect(adds(service, request, PUBLIC)).toEqual({ action: 'forwarded', in: [1, lengthOf(request)], out: [0, 0] });
    expect(adds(service, reply, PRIVATE)).toEqual({ action: 'forwarded', in: [0, 0], out: [1, lengthOf(reply)] });
  });

  test('that the kernel is to send counts as well', () => {
    const service = connect();
    router.route(SERVER_1, { device: PUBLIC, result: FIB.NO_NEIGHBOUR });
    router.announceChange();
    expect(adds(service, request, PUBLIC)).toEqual({ action: 'passed', in: [1, lengthOf(request)], out: [0, 0] });
    expect(router.reasons).toEqual({ neighbour: 1 });
  });

  test('that is refused does not', () => {
    const service = connect();
    router.route(SERVER_1, { result: FIB.NOT_FORWARDED });
    router.announceChange();
    expect(adds(service, request, PUBLIC)).toEqual({ action: 'dropped', in: [0, 0], out: [0, 0] });
    expect(router.reasons).toEqual({ no_route: 1 });
  });
});

test('who is refused for a size hears which would fit; a server hears it from the kernel', () => {
  router.addService({ servers: [SERVER_1] });
  router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 1400 });
  router.route(CLIENT, { mtu: 1300 });
  router.receive(f.request(syn));
  const large = { payload: new Uint8Array(1401 - IP_HEADER - 20) };
  const answer = answerTo(f.request(large), CLIENT, VIP, ICMP.tooBig(1400));
  expect(router.receive(f.request(large))).toEqual(answered('too_big', answer));
  expect(router.receiveReply(f.reply(large))).toEqual(passed('refused_reply', f.reply(large)));
});
