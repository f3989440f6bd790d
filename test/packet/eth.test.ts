// SPDX-License-Identifier: MIT
// bpf/eth.h: which frames are looked at, and whom a forwarded frame is addressed to.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { isIpv6 } from './family.ts';
import { patched } from './frame.ts';
import { forwarded, passed } from './outcome.ts';
import { PRIVATE, SERVER_1, SOMEBODY_MAC, toServer } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
const f = frames();

beforeEach(() => {
  router.reset();
  router.addService({ scheduler: 'rr', servers: [SERVER_1] });
  router.receive(f.request({ flags: 'S' }));
});
afterAll(() => router.close());

test.each([
  ['ARP', 0x0806],
  isIpv6 ? ['IPv4 in the IPv6 object', 0x0800] : ['IPv6', 0x86dd],
  ['PPPoE', 0x8864],
  ['LLDP', 0x88cc],
  ['an 802.3 length', 0x0040],
  ['IP with its bytes swapped', isIpv6 ? 0xdd86 : 0x0008],
] as [string, number][])(
  '%s passes untouched, even when the bytes behind look like a known connection',
  (_, etherType) => {
    const frame = f.request({ etherType });
    expect(router.receive(frame)).toEqual(passed('not_ip', frame));
  },
);

const tags = (...types: number[]): [number, number][] => types.map((type, i) => [type, i + 7]);

test.each([
  ['an 802.1Q tag', tags(0x8100)],
  ['a priority tag (VLAN 0)', [[0x8100, 0]] as [number, number][]],
  ['an 802.1ad tag', tags(0x88a8)],
  ['two tags', tags(0x88a8, 0x8100)],
  ['five tags', tags(0x8100, 0x8100, 0x8100, 0x8100, 0x8100)],
])('a frame with %s passes untouched', (_, vlans) => {
  const frame = f.request({ vlans });
  expect(router.receive(frame)).toEqual(passed('vlan', frame));
});

test('a tag that ends the frame passes untouched', () => {
  const frame = f.request({ vlans: [[0x8100, 7]] }).subarray(0, 14);
  expect(router.receive(frame)).toEqual(passed('truncated', frame));
});

test('a bare Ethernet header that promises IP passes untouched', () => {
  const frame = f.request().subarray(0, 14);
  expect(router.receive(frame)).toEqual(passed('truncated', frame));
});

test('a forwarded frame goes from the private device to the server', () => {
  expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded({ hop: toServer(SERVER_1) })));
});

test('a first packet for another host of the same wire passes untouched', () => {
  const stranger = frames({ client: { ...f.client, port: 40001 } });
  const hop = { source: '02:00:00:00:01:01', destination: SOMEBODY_MAC };
  const frame = stranger.request({ flags: 'S', hop });
  expect(router.receive(frame)).toEqual(passed('other_host', frame));
  expect(router.state(stranger)).toBeUndefined();
});

test.each([0, 1, 2, 3, 4, 5])('another host differs from the router in byte %i of its MAC at least', (byte) => {
  const frame = f.request({ flags: 'S', from: { ...f.client, port: 40001 } });
  const stray = patched(frame, byte, (frame[byte] as number) ^ 0x10);
  expect(router.receive(stray)).toEqual(passed('other_host', stray));
});

test('a first packet that was broadcast makes no connection', () => {
  const stranger = frames({ client: { ...f.client, port: 40001 } });
  const frame = patched(stranger.request({ flags: 'S' }), 0, 255, 255, 255, 255, 255, 255);
  expect(router.receive(frame)).toEqual(passed('other_host', frame));
});
