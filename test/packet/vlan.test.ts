// SPDX-License-Identifier: MIT
// bpf/vlan.h: frames come in with no, one or two tags and leave with those of the device they leave by.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { ETHER_TYPE } from './family.ts';
import { fragmentsOf } from './fragments.ts';
import type { FrameFields } from './frame.ts';
import { answerTo, ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { answered, forwarded, passed } from './outcome.ts';
import {
  at,
  CLIENT,
  FROM_GATEWAY,
  fromServer,
  PRIVATE,
  PUBLIC,
  SERVER_1,
  SOMEBODY_MAC,
  TO_GATEWAY,
  toServer,
  VIP,
} from './roles.ts';
import { FIB, Router } from './router.ts';
import { addSides, CUSTOMER, PRIVATE_VLAN, PROVIDER, PUBLIC_VLAN, type Tags, tagged } from './vlan-fixture.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const NONE: Tags = [];
const ONE: Tags = [[CUSTOMER, 100]];
const OTHER: Tags = [[CUSTOMER, 200]];
const TWO: Tags = [
  [PROVIDER, 100],
  [CUSTOMER, 4094],
];
const TWICE: Tags = [
  [CUSTOMER, 7],
  [CUSTOMER, 7],
];

const SERVER = at(SERVER_1, 8080);
const f = frames({ server: SERVER });
const SIDES: [string, Tags, Tags][] = [
  ['none', NONE],
  ['one', ONE],
  ['two', TWO],
].flatMap(([outName, outside]) =>
  [
    ['none', NONE],
    ['one', OTHER],
    ['two', TWICE],
  ].map(([inName, inside]) => [`${outName} outside, ${inName} inside`, outside, inside] as [string, Tags, Tags]),
);

describe.each(SIDES)('tags: %s', (_, outside, inside) => {
  const fromClient = (frame: Uint8Array) => router.receive(tagged(frame, outside), PUBLIC);
  const fromServerSide = (frame: Uint8Array) => router.receive(tagged(frame, inside), PRIVATE);
  const toServerSide = (frame: Uint8Array) => forwarded(PRIVATE, tagged(frame, inside));
  const toClientSide = (frame: Uint8Array) => forwarded(PUBLIC, tagged(frame, outside));

  function serve(protocol: 'tcp' | 'udp' = 'tcp') {
    router.addService({ protocol, servers: [SERVER] });
    return addSides(router, outside, inside);
  }

  test('a TCP connection, from its first packet on, both ways', () => {
    serve();
    for (const [request, reply] of [
      ['S', 'SA'],
      ['A', 'A'],
      ['PA', 'PA'],
      ['FA', 'FA'],
    ] as [string, string][]) {
      expect(fromClient(f.request({ flags: request }))).toEqual(toServerSide(f.forwarded({ flags: request })));
      expect(fromServerSide(f.reply({ flags: reply }))).toEqual(toClientSide(f.returned({ flags: reply })));
    }
    expect(router.reasons).toEqual({});
  });

  test.each([0, 1, 1451])('a datagram of %i bytes, with a checksum and without', (length) => {
    serve('udp');
    const payload = new Uint8Array(length).fill(0x5a);
    for (const withoutChecksum of [false, true]) {
      const udp = { protocol: 'udp', payload, withoutChecksum } as const;
      expect(fromClient(f.request(udp))).toEqual(toServerSide(f.forwarded(udp)));
      expect(fromServerSide(f.reply(udp))).toEqual(toClientSide(f.returned(udp)));
    }
  });

  test('bytes behind a short packet stay', () => {
    serve();
    const short = { payload: new Uint8Array(0), trailer: 6 };
    fromClient(f.request({ flags: 'S' }));
    expect(fromClient(f.request(short))).toEqual(toServerSide(f.forwarded(short)));
  });

  test('the way is asked for from the device that the frame came in on', () => {
    const { client, server } = serve();
    fromClient(f.request({ flags: 'S' }));
    // last asked: the way back, which a reply takes from the server's side
    expect(router.question.ifindex).toBe(server);
    router.announceChange();
    router.receive(tagged(f.reply(), inside), PRIVATE);
    expect(router.question.ifindex).toBe(server);
    expect(router.connection(f).forward).toMatchObject({ ifindex: server });
    expect(router.connection(f).reply).toMatchObject({ ifindex: client });
  });

  test('fragments', () => {
    serve('udp');
    const udp = { protocol: 'udp', payload: new Uint8Array(2000).fill(7), fragment: 0 } as const;
    const [sent, got] = [fragmentsOf(f.request(udp), [1400]), fragmentsOf(f.forwarded(udp), [1400])];
    expect(sent.map(fromClient)).toEqual(got.map(toServerSide));
  });

  test('an ICMP error, rewritten inside and outside', () => {
    serve();
    fromClient(f.request({ flags: 'S' }));
    const say = (hop: FrameFields['hop'], from: typeof CLIENT, quoted: Uint8Array, ttl = 64) =>
      icmpError({ hop, from, to: CLIENT, icmp: ICMP.portUnreachable, ttl }, packetOf(quoted));
    const sent = say(fromServer(SERVER), SERVER, f.forwarded());
    // the quoted packet had a hop less when it reached the server
    expect(fromServerSide(sent)).toEqual(toClientSide(say(TO_GATEWAY, VIP, f.request({ ttl: 63 }), 63)));
  });

  test('what ends here is answered the way it came', () => {
    serve('udp');
    const expired = f.request({ protocol: 'udp', ttl: 1 });
    const answer = answerTo(expired, CLIENT, VIP, ICMP.timeExceeded);
    expect(fromClient(expired)).toEqual(answered('ttl_exceeded', tagged(answer, outside)));
  });

  test('a large one that may not be fragmented as well, about no more than an answer quotes', () => {
    const { server } = serve('udp');
    router.route(SERVER, { device: server, hop: toServer(SERVER_1), mtu: 1400 });
    const large = f.request({ protocol: 'udp', payload: new Uint8Array(1450).fill(1) });
    const answer = answerTo(large, CLIENT, VIP, ICMP.tooBig(1400));
    expect(fromClient(large)).toEqual(answered('too_big', tagged(answer, outside)));
  });

  test('what the kernel is to send on keeps the tags it came with', () => {
    const { server } = serve();
    router.route(SERVER, { device: server, result: FIB.NO_NEIGHBOUR });
    const syn = { flags: 'S' };
    expect(fromClient(f.request(syn))).toEqual(passed('neighbour', tagged(f.handedOver(syn), outside)));
  });

  test('a client that only its own frame tells the way to', () => {
    const { client } = serve();
    router.route(CLIENT, { device: client, result: FIB.NO_NEIGHBOUR });
    fromClient(f.request({ flags: 'S' }));
    expect(fromServerSide(f.reply())).toEqual(toClientSide(f.returned()));
  });

  test('other tags on the same ports are not ours, whatever is in them', () => {
    serve();
    fromClient(f.request({ flags: 'S' }));
    const strange: Tags[] = [
      [[CUSTOMER, 101]],
      [[PROVIDER, 100]],
      [[CUSTOMER, 100], ...ONE],
      [...TWO, [CUSTOMER, 1]],
      [[CUSTOMER, 0]],
    ];
    for (const tags of strange) {
      const frame = tagged(f.request(), tags);
      expect(router.receive(frame)).toEqual(passed('vlan', frame));
      // those of one side mean nothing on the other
      const astray = tagged(f.request(), outside.length ? outside : tags);
      expect(router.receive(astray, PRIVATE)).toEqual(passed('vlan', astray));
    }
  });
});

test('priority and drop eligibility end here', () => {
  router.addService({ servers: [SERVER] });
  addSides(router, ONE, OTHER);
  const prior: Tags = [[CUSTOMER, 0xf000 | 100]];
  const syn = { flags: 'S' };
  expect(router.receive(tagged(f.request(syn), prior))).toEqual(forwarded(PRIVATE, tagged(f.forwarded(syn), OTHER)));
});

test('a router on a stick: both sides are VLANs of one port', () => {
  router.addService({ servers: [SERVER] });
  addSides(router, ONE, OTHER, PUBLIC);
  for (const flags of ['S', 'A'])
    expect(router.receive(tagged(f.request({ flags }), ONE))).toEqual(
      forwarded(PUBLIC, tagged(f.forwarded({ flags }), OTHER)),
    );
  expect(router.receive(tagged(f.reply(), OTHER))).toEqual(forwarded(PUBLIC, tagged(f.returned(), ONE)));
});

test('a priority tag without a VLAN is the port’s, where user space says so', () => {
  router.addService({ servers: [SERVER] });
  addSides(router, NONE, NONE);
  const priority: Tags = [[CUSTOMER, 0xe000]];
  router.tables.vlanDevices.set({ port: PUBLIC, tags: [CUSTOMER * 0x10000, 0] }, PUBLIC);
  const syn = { flags: 'S' };
  expect(router.receive(tagged(f.request(syn), priority))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
});

test('a first packet to another host of the VLAN is not ours', () => {
  router.addService({ servers: [SERVER] });
  addSides(router, ONE, NONE);
  const frame = tagged(f.request({ flags: 'S', hop: { ...FROM_GATEWAY, destination: SOMEBODY_MAC } }), ONE);
  expect(router.receive(frame)).toEqual(passed('other_host', frame));
});

test('when a route moves to another VLAN, connections follow', () => {
  router.addService({ servers: [SERVER] });
  addSides(router, ONE, OTHER);
  router.receive(tagged(f.request({ flags: 'S' }), ONE));
  router.receive(tagged(f.reply({ flags: 'SA' }), OTHER));
  router.route(SERVER, { device: PRIVATE, hop: toServer(SERVER_1) });
  router.announceChange();
  for (let i = 0; i < 2; i++)
    expect(router.receive(tagged(f.request(), ONE))).toEqual(forwarded(PRIVATE, f.forwarded()));
  router.route(SERVER, { device: PUBLIC_VLAN, hop: toServer(SERVER_1) });
  router.announceChange();
  for (let i = 0; i < 2; i++)
    expect(router.receive(tagged(f.request(), ONE))).toEqual(forwarded(PUBLIC, tagged(f.forwarded(), ONE)));
  expect(PRIVATE_VLAN).not.toBe(PUBLIC_VLAN);
});

test.each([14, 16, 18, 20, 22, 24])('a tagged frame of %i bytes passes untouched', (length) => {
  addSides(router, TWO, NONE);
  const frame = tagged(f.request(), TWO).subarray(0, length);
  expect(router.receive(frame)).toEqual(passed('truncated', frame));
});

test('what is not of this family passes untouched', () => {
  addSides(router, ONE, NONE);
  const frame = tagged(f.request({ etherType: ETHER_TYPE ^ 0x0001 }), ONE);
  expect(router.receive(frame)).toEqual(passed('not_ip', frame));
});
