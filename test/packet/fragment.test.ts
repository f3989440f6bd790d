// SPDX-License-Identifier: MIT
// bpf/fragment.h and bpf/step_fragment.h: fragments follow their first one, both ways; one that overtakes it is the kernel's.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Frames, frames } from './conversation.ts';
import { isIpv6 } from './family.ts';
import { fragmentsOf } from './fragments.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { answered, forwarded, passed } from './outcome.ts';
import { at, CLIENT, NEIGHBOUR_CLIENT, PRIVATE, PUBLIC, SERVER_1, SERVER_2, toServer, VIP } from './roles.ts';
import { FIB, Router } from './router.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const SERVER = at(SERVER_1, 8080);
const PAYLOAD = Uint8Array.from({ length: 3000 }, (_, i) => (i * 31) >> 3);
/** As much as fits behind the headers, and as much again. */
const SIZES = isIpv6 ? [1448, 1448] : [1480, 1480];
const udp = { protocol: 'udp', payload: PAYLOAD, fragment: 0 } as const;

function serve(protocol: 'tcp' | 'udp' = 'udp'): Frames {
  router.addService({ protocol, servers: [SERVER] });
  return frames({ server: SERVER });
}

const split = (frame: Uint8Array, id?: number): Uint8Array[] => fragmentsOf(frame, SIZES, id);
type Three = [Uint8Array, Uint8Array, Uint8Array];

/** Each of these leaves by this device as its counterpart. */
function expectAll(sent: Uint8Array[], device: number, expected: Uint8Array[], from = PUBLIC): void {
  expect(sent.map((fragment) => router.receive(fragment, from))).toEqual(expected.map((one) => forwarded(device, one)));
}

test('a fragmented datagram reaches the server whole, and so does its answer the client', () => {
  const f = serve();
  expectAll(split(f.request(udp)), PRIVATE, split(f.forwarded(udp)));
  expectAll(split(f.reply(udp)), PUBLIC, split(f.returned(udp)), PRIVATE);
});

test('so do TCP’s segments', () => {
  const f = serve('tcp');
  router.receive(f.request({ flags: 'S' }));
  const large = { payload: PAYLOAD, fragment: 0 };
  expectAll(split(f.request(large)), PRIVATE, split(f.forwarded(large)));
  expectAll(split(f.reply(large)), PUBLIC, split(f.returned(large)), PRIVATE);
});

test('those behind the first say nothing of a connection’s state', () => {
  const f = serve('tcp');
  router.receive(f.request({ flags: 'S' }));
  const large = { payload: PAYLOAD, fragment: 0 };
  for (const [fragments, device] of [
    [split(f.request(large)), PUBLIC],
    [split(f.reply(large)), PRIVATE],
  ] as const)
    for (const fragment of fragments) {
      router.receive(fragment, device);
      expect(router.state(f)).toBe('established');
    }
});

test('a first fragment makes a connection of its own and counts it once', () => {
  const f = serve();
  for (const fragment of split(f.request(udp))) router.receive(fragment);
  expect(router.happened('connection_created')).toBe(1);
  const { server } = router.connection(f, 'udp').forward as { server: number };
  expect(router.tables.serverCounters.sum(server)).toMatchObject({ connections: 1n, incomingPackets: 3n });
});

test('the first is remembered for half a minute', () => {
  const f = serve();
  const [first, second] = split(f.request(udp)) as Three;
  router.receive(first);
  router.passTicks(447);
  expect(router.receive(second).action).toBe('forwarded');
  router.passTicks(1);
  expect(router.receive(second)).toEqual(passed('fragment', second));
});

/** IPv6's other fragments may name what stands in front of the protocol: the identification alone counts (RFC 8200 4.5). */
if (isIpv6)
  test('those behind the first may begin with options that only it shows to be UDP’s', () => {
    const f = serve();
    const fields = { ...udp, extensions: [[60, [0, 1, 4, 0, 0, 0, 0]]] } as const;
    expectAll(split(f.request(fields)), PRIVATE, split(f.forwarded(fields)));
  });
else
  test('a first of another protocol does not stand for this one’s, though both have a connection', () => {
    const f = serve();
    serve('tcp');
    router.receive(f.request({ flags: 'S' }));
    router.receive(split(f.request(udp))[0] as Uint8Array);
    const later = split(f.request({ payload: PAYLOAD, fragment: 0 }))[1] as Uint8Array;
    expect(router.receive(later)).toEqual(passed('fragment', later));
  });

test('those behind the first arrive in any order', () => {
  const f = serve();
  const [a, b, c] = split(f.request(udp)) as Three;
  const [x, y, z] = split(f.forwarded(udp)) as Three;
  expectAll([a, c, b, c], PRIVATE, [x, z, y, z]);
});

test('one that overtakes its first is the kernel’s, counted', () => {
  const f = serve();
  const [first, second] = split(f.request(udp)) as Three;
  expect(router.receive(second)).toEqual(passed('fragment', second));
  expectAll([first, second], PRIVATE, split(f.forwarded(udp)).slice(0, 2));
});

test.each([
  ['another datagram', (f: Frames) => split(f.request({ ...udp, id: 0x1234 }), 8)],
  ['another client', () => split(frames({ client: NEIGHBOUR_CLIENT, server: SERVER }).request(udp))],
  ...(isIpv6
    ? []
    : [['another protocol', (f: Frames) => split(f.request({ payload: PAYLOAD, fragment: 0 }))] as const]),
] as const)('a fragment of %s is not taken for one of this', (_, others) => {
  const f = serve();
  router.receive(split(f.request(udp))[0] as Uint8Array);
  const stranger = others(f)[1] as Uint8Array;
  expect(router.receive(stranger)).toEqual(passed('fragment', stranger));
});

test('after half a minute it is another datagram’s', () => {
  const f = serve();
  const [first, second, third] = split(f.request(udp)) as Three;
  router.receive(first);
  router.pass(29);
  expect(router.receive(second).action).toBe('forwarded');
  router.pass(2);
  expect(router.receive(third)).toEqual(passed('fragment', third));
});

test('two clients’ datagrams are told apart', () => {
  router.addService({ protocol: 'udp', servers: [SERVER] });
  const both = [CLIENT, NEIGHBOUR_CLIENT].map((client) => frames({ client, server: SERVER }));
  const [a, b] = both.map((f) => split(f.request(udp))) as [Three, Three];
  const [x, y] = both.map((f) => split(f.forwarded(udp))) as [Three, Three];
  expectAll([a[0], b[0], a[1], b[1], b[2], a[2]], PRIVATE, [x[0], y[0], x[1], y[1], y[2], x[2]]);
});

describe('what is not balanced', () => {
  test('passes untouched, the first one and the others', () => {
    const f = serve();
    for (const fragment of split(f.request({ ...udp, to: at(VIP, 81) })))
      expect(router.receive(fragment)).toMatchObject({ action: 'passed' });
  });

  test('as does a large echo request', () => {
    const f = serve();
    for (const fragment of split(f.request({ ...udp, protocol: 'icmp' })))
      expect(router.receive(fragment)).toEqual(passed('fragment', fragment));
  });
});

test('a first fragment without a server is answered, and the others are the kernel’s', () => {
  router.addService({ protocol: 'udp' });
  const [first, second] = split(frames().request(udp)) as Three;
  const answer = answerTo(first, CLIENT, VIP, ICMP.portUnreachable);
  expect(router.receive(first)).toEqual(answered('no_server', answer));
  expect(router.receive(second)).toEqual(passed('fragment', second));
});

test('all are handed to the kernel rewritten while the server’s neighbour is unknown', () => {
  const f = serve();
  router.route(SERVER, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
  const handed = split(f.handedOver(udp));
  split(f.request(udp)).forEach((fragment, i) => {
    expect(router.receive(fragment)).toEqual(passed('neighbour', handed[i] as Uint8Array));
  });
});

if (!isIpv6)
  test('and when the next hop takes still less', () => {
    const f = serve();
    router.route(SERVER, { device: PRIVATE, hop: toServer(SERVER), mtu: 1400 });
    const [a, b, c] = split(f.handedOver(udp)) as Three;
    const [x, y, z] = split(f.request(udp)) as Three;
    expect(router.receive(x)).toEqual(passed('too_big', a));
    expect(router.receive(y)).toEqual(passed('too_big', b));
    expect(router.receive(z)).toEqual(forwarded(PRIVATE, (split(f.forwarded(udp)) as Three)[2]));
    expect(c.length).toBe(z.length);
  });

test('one with its last hop behind it ends here', () => {
  const f = serve();
  router.receive(split(f.request(udp))[0] as Uint8Array);
  const last = split(f.request({ ...udp, ttl: 1 }))[1] as Uint8Array;
  expect(router.receive(last)).toEqual({ action: 'dropped', reason: 'ttl_exceeded' });
});

test('a first fragment too short for its ports is the kernel’s', () => {
  const f = serve('tcp');
  router.receive(f.request({ flags: 'S' }));
  const [tiny] = fragmentsOf(f.request({ payload: PAYLOAD, fragment: 0 }), [16]);
  expect(router.receive(tiny as Uint8Array)).toEqual(passed('truncated', tiny as Uint8Array));
});

test('fragments keep a UDP connection alive by their first', () => {
  const f = serve();
  for (let i = 0; i < 4; i++) {
    router.pass(200);
    for (const fragment of split(f.request(udp))) expect(router.receive(fragment).action).toBe('forwarded');
  }
  expect(router.happened('connection_created')).toBe(1);
});

if (isIpv6)
  test('a whole packet with a fragment header is a packet like any other', () => {
    const f = serve();
    const whole = fragmentsOf(f.request({ protocol: 'udp' }), []);
    const there = fragmentsOf(f.forwarded({ protocol: 'udp' }), []);
    expectAll(whole, PRIVATE, there);
    expect(whole[0]).toHaveLength(f.request({ protocol: 'udp' }).length + 8);
  });

describe('of one-packet scheduling', () => {
  const once = (servers = [SERVER]) =>
    router.addService({ protocol: 'udp', onePacket: true, scheduler: 'rr', servers });

  test('each datagram reaches the scheduler’s next server whole', () => {
    const other = at(SERVER_2, 8080);
    once([SERVER, other]);
    [other, SERVER, other].forEach((server, id) => {
      const f = frames({ server });
      const fields = { ...udp, id: 100 + id };
      expectAll(split(f.request(fields), id), PRIVATE, split(f.forwarded(fields), id));
    });
  });

  test('so do two at the same time', () => {
    const other = at(SERVER_2, 8080);
    once([SERVER, other]);
    const [f, g] = [frames({ server: other }), frames({ server: SERVER })];
    const later = { ...udp, id: 0x1234 };
    const [a, b] = split(f.request(udp));
    const [c, d] = split(g.request(later), 8);
    const [w, x] = split(f.forwarded(udp));
    const [y, z] = split(g.forwarded(later), 8);
    expectAll([a, c, b, d] as Uint8Array[], PRIVATE, [w, y, x, z] as Uint8Array[]);
  });

  test('it counts as one connection, all its bytes are its server’s, and nothing remains', () => {
    const service = once();
    for (const fragment of split(frames().request(udp))) router.receive(fragment);
    expect(service.counters(SERVER)).toMatchObject({ connections: 1n, incomingPackets: 3n });
    expect(router.halves).toBe(0);
  });

  test('one that comes a second later is the kernel’s: its server’s slot may be another’s', () => {
    once();
    const f = frames({ server: SERVER });
    const [first, second] = split(f.request(udp)) as Three;
    router.receive(first);
    router.passTicks(15);
    expect(router.receive(second)).toEqual(forwarded(PRIVATE, split(f.forwarded(udp))[1] as Uint8Array));
    router.passTicks(1);
    expect(router.receive(second)).toEqual(passed('fragment', second));
  });

  test('the rest of what no server got is the kernel’s', () => {
    once([]);
    const [first, second] = split(frames().request(udp)) as Three;
    router.receive(first);
    expect(router.receive(second)).toEqual(passed('fragment', second));
  });

  test('an unknown neighbour is the kernel’s to find, for all of them', () => {
    once();
    router.route(SERVER, { result: FIB.NO_NEIGHBOUR, device: PRIVATE });
    const f = frames({ server: SERVER });
    for (const [i, fragment] of split(f.request(udp)).entries())
      expect(router.receive(fragment)).toEqual(passed('neighbour', split(f.handedOver(udp))[i] as Uint8Array));
  });
});
