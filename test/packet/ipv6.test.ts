// SPDX-License-Identifier: MIT
// bpf/ipv6.h: which headers are ours, and what stands between them and the segment. Runs for IPv6 alone.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { IP_HEADER } from './family.ts';
import { patched } from './frame.ts';
import { forwarded, passed } from './outcome.ts';
import { PRIVATE, PUBLIC, SERVER_1 } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
const f = frames();
const IP = 14;
const SEGMENT = IP + IP_HEADER;
const [HOP, ROUTING, FRAGMENT, AUTH, DESTINATION] = [0, 43, 44, 51, 60];

beforeEach(() => {
  router.reset();
  for (const protocol of ['tcp', 'udp'] as const) {
    router.addService({ protocol, scheduler: 'rr', servers: [SERVER_1] });
    router.receive(f.request({ protocol, flags: 'S' }));
  }
});
afterAll(() => router.close());

/** Options that mean nothing: a header of 8 bytes and as many times 8 as `more` says. */
const options = (more = 0): number[] => [more, 1, 4 + 8 * more, ...new Array(4 + 8 * more).fill(0)];
const routing = (left: number): number[] => [0, 4, left, 0, 0, 0, 0];

describe('behind extension headers', () => {
  test.each([
    ['hop by hop', [[HOP, options()]]],
    ['destination', [[DESTINATION, options()]]],
    ['long ones', [[DESTINATION, options(5)]]],
    [
      'several',
      [
        [HOP, options()],
        [DESTINATION, options(1)],
        [ROUTING, routing(0)],
        [DESTINATION, options()],
      ],
    ],
    ['six', new Array(6).fill([DESTINATION, options()])],
  ] as [string, [number, number[]][]][])('a segment is found, both ways: %s', (_, extensions) => {
    for (const protocol of ['tcp', 'udp'] as const) {
      const fields = { protocol, extensions };
      expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
      expect(router.receiveReply(f.reply(fields))).toEqual(forwarded(PUBLIC, f.returned(fields)));
    }
  });

  test('an authentication header counts its length in words', () => {
    const frame = f.request({ extensions: [[AUTH, [4, 0, 0, ...new Array(20).fill(7)]]] });
    expect(router.receive(frame).action).toBe('forwarded');
  });

  test('too many of them pass untouched', () => {
    const frame = f.request({ extensions: new Array(7).fill([DESTINATION, options()]) });
    expect(router.receive(frame)).toEqual(passed('protocol', frame));
  });

  test('a routing header with stations left passes untouched: its checksum is over another address', () => {
    const frame = f.request({ extensions: [[ROUTING, routing(1)]] });
    expect(router.receive(frame)).toEqual(passed('protocol', frame));
  });

  test('one that says it is longer than the packet passes untouched', () => {
    for (const length of [2, 3, 10, 255]) {
      const frame = patched(f.request({ extensions: [[DESTINATION, options()]] }), SEGMENT + 1, length);
      expect(router.receive(frame).action, `${length}`).toBe('passed');
    }
  });
});

test('every protocol but TCP, UDP, SCTP and ICMPv6 passes untouched', () => {
  for (let protocol = 0; protocol < 256; protocol++) {
    if ([6, 17, 58, 132, HOP, ROUTING, FRAGMENT, AUTH, DESTINATION].includes(protocol)) continue;
    const frame = patched(f.request(), IP + 6, protocol);
    expect(router.receive(frame), `protocol ${protocol}`).toEqual(passed('protocol', frame));
  }
});

test.each([0, 4, 5, 7, 15])('version %i passes untouched', (version) => {
  const frame = patched(f.request(), IP, (version << 4) | 0x0a);
  expect(router.receive(frame)).toEqual(passed('malformed', frame));
});

test('a packet that was cut off passes untouched', () => {
  const whole = f.request();
  for (let length = 14; length < whole.length; length++) {
    const cut = whole.subarray(0, length);
    expect(router.receive(cut), `${length} bytes`).toEqual(passed('truncated', cut));
  }
});

test('a payload as long as no frame is passes untouched', () => {
  for (const length of [0xffff, 0xffe2, 65_536 - 40 + 20]) {
    const frame = patched(f.request(), IP + 4, length >> 8, length & 255);
    expect(router.receive(frame), `${length}`).toEqual(passed('truncated', frame));
  }
});

describe('a fragment header', () => {
  const whole = { extensions: [[FRAGMENT, [0, 0, 0, 0, 0, 0, 7]]] } as const;

  test('of a packet that is whole is one like any other, whatever its reserved bits say', () => {
    for (const reserved of [0, 2, 4, 6]) {
      const fields = { extensions: [[FRAGMENT, [0xff, 0, reserved, 0, 0, 0, 7]]] } as const;
      expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
    }
    expect(router.tables.fragments.size).toBe(0);
  });

  test('cut off passes untouched', () => {
    for (let length = 1; length < 8; length++) {
      const cut = patched(f.request(whole).subarray(0, SEGMENT + length), IP + 4, 0, length);
      expect(router.receive(cut), `${length} bytes`).toEqual(passed('truncated', cut));
    }
  });

  test('in front of something else than TCP or UDP passes untouched', () => {
    for (const [protocol, more] of [
      ['icmp', 1],
      ['tcp', 0x11],
    ] as const) {
      const later = more > 1 ? [[FRAGMENT, [0, 0, more, 0, 0, 0, 7]], [DESTINATION, options()]] : [[FRAGMENT, [0, 0, more, 0, 0, 0, 7]]]; // biome-ignore format: pairs
      const frame = f.request({ protocol, extensions: later as never });
      expect(router.receive(frame)).toEqual(passed('fragment', frame));
    }
  });
});

test('a payload too short for its segment passes untouched', () => {
  for (const [protocol, header] of [
    ['tcp', 20],
    ['udp', 8],
  ] as const) {
    for (let length = 0; length < header; length++) {
      const frame = patched(f.request({ protocol }), IP + 4, 0, length);
      expect(router.receive(frame), `${protocol} of ${length} bytes`).toEqual(passed('malformed', frame));
    }
  }
});

test('the traffic class and the flow label stay', () => {
  const frame = patched(f.request(), IP, 0x6b, 0xa1, 0x23, 0x45);
  const expected = patched(f.forwarded(), IP, 0x6b, 0xa1, 0x23, 0x45);
  expect(router.receive(frame)).toEqual(forwarded(PRIVATE, expected));
});
