// SPDX-License-Identifier: MIT
// bpf/nat.h: what a forwarded packet looks like, both ways.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { addressBytes, IP_HEADER, isIpv6 } from './family.ts';
import type { FrameFields } from './frame.ts';
import { onesComplementSum } from './internet-checksum.ts';
import { forwarded, hex } from './outcome.ts';
import { at, CLIENT, type Endpoint, PRIVATE, PUBLIC, SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

describe.each(['tcp', 'udp'] as const)('%s', (protocol) => {
  const start = { protocol, flags: 'S' };

  test('a packet to the VIP leaves for the server, one hop older', () => {
    router.addService({ protocol, servers: [SERVER_1] });
    const f = frames();
    expect(router.receive(f.request(start))).toEqual(forwarded(PRIVATE, f.forwarded(start)));
  });

  test('the reply leaves for the client, from the VIP, one hop older', () => {
    router.addService({ protocol, servers: [SERVER_1] });
    const f = frames();
    router.receive(f.request(start));
    const answer = { protocol, flags: 'SA' };
    expect(router.receiveReply(f.reply(answer))).toEqual(forwarded(PUBLIC, f.returned(answer)));
  });

  test('later packets are rewritten as the first', () => {
    router.addService({ protocol, servers: [SERVER_1] });
    const f = frames();
    router.receive(f.request(start));
    router.receiveReply(f.reply({ protocol, flags: 'SA' }));
    for (const text of ['one', 'two', 'three']) {
      const fields = { protocol, payload: new TextEncoder().encode(text) };
      expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
      expect(router.receiveReply(f.reply(fields))).toEqual(forwarded(PUBLIC, f.returned(fields)));
    }
  });

  test('the server may listen on another port', () => {
    const server = at(SERVER_1, 8080);
    router.addService({ protocol, servers: [server] });
    const f = frames({ server });
    expect(router.receive(f.request(start))).toEqual(forwarded(PRIVATE, f.forwarded(start)));
    expect(router.receiveReply(f.reply({ protocol }))).toEqual(forwarded(PUBLIC, f.returned({ protocol })));
  });

  test('each server of a service gets its own address', () => {
    router.addService({ protocol, scheduler: 'rr', servers: [SERVER_1, SERVER_2] });
    for (const [port, server] of [
      [1, SERVER_2],
      [2, SERVER_1],
    ] as [number, Endpoint][]) {
      const f = frames({ client: at(CLIENT, port), server });
      expect(router.receive(f.request(start))).toEqual(forwarded(PRIVATE, f.forwarded(start)));
    }
  });
});

test('UDP without a checksum stays without one, both ways', () => {
  router.addService({ protocol: 'udp', servers: [SERVER_1] });
  const fields = { protocol: 'udp', withoutChecksum: true } as const;
  const f = frames();
  expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
  expect(router.receiveReply(f.reply(fields))).toEqual(forwarded(PUBLIC, f.returned(fields)));
});

/** Two payload bytes that make the checksum of this datagram's sum come out as zero. */
function payloadSummingToZero(build: (fields: Partial<FrameFields>) => Uint8Array): Uint8Array {
  const blank = build({ protocol: 'udp', payload: new Uint8Array(2) });
  const check = new DataView(blank.buffer).getUint16(14 + IP_HEADER + 6);
  return Uint8Array.from([check >> 8, check & 255]);
}

test('a UDP checksum that comes out as zero behind the rewrite is sent as 0xffff, both ways', () => {
  router.addService({ protocol: 'udp', servers: [SERVER_1] });
  const f = frames();
  const there = { protocol: 'udp', payload: payloadSummingToZero((fields) => f.forwarded(fields)) } as const;
  const back = { protocol: 'udp', payload: payloadSummingToZero((fields) => f.returned(fields)) } as const;
  expect(hex(f.forwarded(there)).slice(-8, -4)).toBe('ffff');
  expect(router.receive(f.request(there))).toEqual(forwarded(PRIVATE, f.forwarded(there)));
  expect(hex(f.returned(back)).slice(-8, -4)).toBe('ffff');
  expect(router.receiveReply(f.reply(back))).toEqual(forwarded(PUBLIC, f.returned(back)));
});

test('a UDP checksum of 0xffff in front of the rewrite is right behind it', () => {
  router.addService({ protocol: 'udp', servers: [SERVER_1] });
  const f = frames();
  const fields = { protocol: 'udp', payload: payloadSummingToZero((g) => f.request(g)) } as const;
  expect(hex(f.request(fields)).slice(-8, -4)).toBe('ffff');
  expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
});

test('a wrong TCP checksum stays wrong by as much', () => {
  router.addService({ servers: [SERVER_1] });
  const f = frames();
  router.receive(f.request({ flags: 'S' }));
  const broken = f.request();
  const check = 14 + IP_HEADER + 16;
  broken[check] = (broken[check] as number) ^ 0x40;
  const expected = f.forwarded();
  const outcome = router.receive(broken);
  expect(outcome.action).toBe('forwarded');
  expect(outcome.frame).not.toBe(hex(expected));
  const untouched = 2 * check;
  expect(outcome.frame?.slice(0, untouched)).toBe(hex(expected).slice(0, untouched));
});

test('the address is the server’s and the header’s checksum right, whatever the addresses', () => {
  const servers = ['10.0.0.1', '10.255.255.255', '255.254.0.1', '0.0.0.1', '172.31.128.0', '192.0.2.10'];
  servers.forEach((address, i) => {
    router.reset();
    const server = { address, port: 80 };
    router.route(server, { device: PRIVATE });
    router.addService({ servers: [server] });
    const f = frames({ client: at(CLIENT, 1000 + i), server });
    const { frame = '' } = router.receive(f.request({ flags: 'S' }));
    const header = Buffer.from(frame.split(' ')[1] ?? '', 'hex');
    const bytes = addressBytes(address);
    expect([...header.subarray(IP_HEADER - bytes.length)]).toEqual([...bytes]);
    if (!isIpv6) expect(onesComplementSum(header)).toBe(0xffff);
  });
});
