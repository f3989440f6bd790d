// SPDX-License-Identifier: MIT
// bpf/packet.h: where a frame ends, be it larger than a page. The programs get such frames in several buffers: headers in the first,
// the rest where they cannot look. Which headers are believed: eth, vlan, ipv4, ipv6 and l4.test.ts.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Interface } from '../../src/abi/index.ts';
import { frames } from './conversation.ts';
import { fragmentsOf } from './fragments.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { answered, forwarded, passed } from './outcome.ts';
import { at, CLIENT, PRIVATE, PUBLIC, SERVER_1, toServer, VIP } from './roles.ts';
import { Router } from './router.ts';
import { addSides, CUSTOMER, PUBLIC_VLAN, type Tags, tagged } from './vlan-fixture.ts';

const router = Router.open();
const SERVER = at(SERVER_1, 8080);
const JUMBO = 9000;
const f = frames({ server: SERVER });

function setMtu(device: number): void {
  const { interfaces } = router.tables;
  interfaces.set(device, { ...(interfaces.get(device) as Interface), mtu: JUMBO });
}

beforeEach(() => {
  router.reset();
  for (const protocol of ['tcp', 'udp'] as const) router.addService({ protocol, servers: [SERVER] });
  for (const device of [PUBLIC, PRIVATE]) setMtu(device);
  router.route(CLIENT, { mtu: JUMBO });
  router.route(SERVER, { device: PRIVATE, hop: toServer(SERVER_1), mtu: JUMBO });
});
afterAll(() => router.close());

const payload = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31) >> 3);

/** Around where the kernel's first buffer ends, and as much as fits. */
const SIZES = [3400, 3446, 3458, 3460, 3520, 3600, 4096, 8192, 8900];

describe.each(['tcp', 'udp'] as const)('%s', (protocol) => {
  test.each(SIZES)('%i bytes of payload, both ways', (length) => {
    const large = { protocol, payload: payload(length) };
    router.receive(f.request({ protocol, flags: 'S' }));
    router.receiveReply(f.reply({ protocol, flags: 'SA' }));
    expect(router.receive(f.request(large))).toEqual(forwarded(PRIVATE, f.forwarded(large)));
    expect(router.receiveReply(f.reply(large))).toEqual(forwarded(PUBLIC, f.returned(large)));
    expect(router.reasons).toEqual({});
  });
});

test('a first packet may be one', () => {
  const large = { protocol: 'udp', payload: payload(8000) } as const;
  expect(router.receive(f.request(large))).toEqual(forwarded(PRIVATE, f.forwarded(large)));
});

test('so may fragments', () => {
  const large = { protocol: 'udp', payload: payload(20_000), fragment: 0 } as const;
  const split = (frame: Uint8Array) => fragmentsOf(frame, [8800, 8800]);
  expect(split(f.request(large)).map((one) => router.receive(one))).toEqual(
    split(f.forwarded(large)).map((one) => forwarded(PRIVATE, one)),
  );
});

test('tags come and go', () => {
  const tags: Tags = [
    [CUSTOMER, 100],
    [CUSTOMER, 200],
  ];
  addSides(router, tags, []);
  setMtu(PUBLIC_VLAN);
  router.route(CLIENT, { device: PUBLIC_VLAN, mtu: JUMBO });
  router.route(SERVER, { device: PRIVATE, hop: toServer(SERVER_1), mtu: JUMBO });
  const large = { protocol: 'udp', payload: payload(8000) } as const;
  expect(router.receive(tagged(f.request(large), tags))).toEqual(forwarded(PRIVATE, f.forwarded(large)));
  expect(router.receiveReply(f.reply(large))).toEqual(forwarded(PUBLIC, tagged(f.returned(large), tags)));
});

test.each([1, 100, 5000])('one that lacks its last %i bytes passes untouched', (missing) => {
  const whole = f.request({ payload: payload(8000) });
  const frame = whole.subarray(0, whole.length - missing);
  expect(router.receive(frame)).toEqual(passed('truncated', frame));
});

test('bytes behind the packet, in a buffer of their own, stay', () => {
  const padded = { protocol: 'udp', payload: payload(3000), trailer: 3000 } as const;
  expect(router.receive(f.request(padded))).toEqual(forwarded(PRIVATE, f.forwarded(padded)));
});

test('one that does not fit on the other side is answered with what would', () => {
  router.route(SERVER, { device: PRIVATE, hop: toServer(SERVER_1), mtu: 1500 });
  const large = f.request({ protocol: 'udp', payload: payload(8000) });
  expect(router.receive(large)).toEqual(answered('too_big', answerTo(large, CLIENT, VIP, ICMP.tooBig(1500))));
});
