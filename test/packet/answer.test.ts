// SPDX-License-Identifier: MIT
// bpf/answer.h: what the router itself says about a packet, and when it holds its tongue. Which packets: service.test.ts,
// route.test.ts, ipv4.test.ts.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { IP_HEADER, isIpv6 } from './family.ts';
import { type FrameFields, patched } from './frame.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { answered } from './outcome.ts';
import { at, CLIENT, type Endpoint, FROM_GATEWAY, SERVER_1, VIP } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
beforeEach(() => {
  router.reset();
  router.addService({ protocol: 'udp' });
});
afterAll(() => router.close());

const request = (fields: Partial<FrameFields>): Uint8Array => frames().request({ protocol: 'udp', ...fields });
const refused = (sent: Uint8Array, from: Endpoint = CLIENT) =>
  answered('no_server', answerTo(sent, from, VIP, ICMP.portUnreachable));

/** Around what fits into a message, and around the words and chunks its checksum is added up by. */
const QUOTED = isIpv6 ? 1232 : 548;
const AROUND = [QUOTED, 512, 1024].flatMap((n) => [-5, -4, -3, -2, -1, 0, 1, 2, 3].map((d) => n + d));

test.each([0, 1, 2, 3, 4, 5, ...AROUND.map((n) => n - IP_HEADER - 8)])('about %i bytes of payload', (length) => {
  const sent = request({ payload: Uint8Array.from({ length }, (_, i) => i * 7 + 1) });
  expect(router.receive(sent)).toEqual(refused(sent));
});

test('bytes behind the packet are not quoted', () => {
  const sent = request({ payload: new Uint8Array(1), trailer: 17 });
  expect(router.receive(sent)).toEqual(refused(sent));
});

if (!isIpv6)
  test('options are quoted', () => {
    const sent = request({ options: Uint8Array.from([1, 1, 1, 0]) });
    expect(router.receive(sent)).toEqual(refused(sent));
  });

if (!isIpv6)
  test('the type of service is kept, the precedence is a router’s', () => {
    const sent = request({ tos: 0xfe });
    const { frame } = router.receive(sent);
    expect(frame?.split(' ')[1]?.slice(2, 4)).toBe((0xc0 | 0x1e).toString(16));
  });

describe('says nothing', () => {
  const silent = { action: 'dropped', reason: 'no_server' };
  const strangers = isIpv6 ? [] : ['0.0.0.1', '127.0.0.1', '224.0.0.1', '255.255.255.255'];

  test.each(strangers)('to %s', (address) => {
    expect(router.receive(request({ from: { address, port: 1 } }))).toEqual(silent);
  });

  if (isIpv6)
    test.each([
      ['a group', 0xff],
      ['nobody', 0],
    ])('to %s', (_, first) => {
      const stranger = patched(request({}), 14 + 8, first, ...new Uint8Array(15));
      expect(router.receive(stranger)).toEqual(silent);
    });

  test('to a group of stations', () => {
    const hop = { ...FROM_GATEWAY, source: '03:00:00:00:00:01' };
    expect(router.receive(request({ hop }))).toEqual(silent);
  });

  test('about what was sent to a group of stations', () => {
    const f = frames({ vip: at(VIP, 81) });
    router.addService({ at: at(VIP, 81), servers: [SERVER_1] });
    router.receive(f.request({ flags: 'S' }));
    const last = f.request({ ttl: 1 });
    expect(router.receive(last).action).toBe('answered');
    expect(router.receive(patched(last, 0, 3))).toEqual({ action: 'dropped', reason: 'ttl_exceeded' });
  });

  test('more often than a thousand times a second', () => {
    const say = (port: number) => router.receive(request({ from: at(CLIENT, port) })).action;
    router.passTicks(1);
    const said = Array.from({ length: 100 }, (_, i) => say(1000 + i));
    expect(said.filter((action) => action === 'answered')).toHaveLength(67);
    expect(said.slice(0, 67)).not.toContain('dropped');
    expect([router.happened('icmp_sent'), router.happened('icmp_withheld')]).toEqual([67, 33]);
    expect(router.reasons).toEqual({ no_server: 100 });
    router.passTicks(1);
    expect(say(2000)).toBe('answered');
  });
});
