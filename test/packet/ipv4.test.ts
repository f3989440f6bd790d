// SPDX-License-Identifier: MIT
// bpf/ipv4.h: which IPv4 headers are believed, and what of them changes on the way.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { patched } from './frame.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { answered, forwarded, passed } from './outcome.ts';
import { at, CLIENT, PRIVATE, PUBLIC, SERVER_1 } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
const f = frames();
const IP = 14;

beforeEach(() => {
  router.reset();
  router.addService({ scheduler: 'rr', servers: [SERVER_1] });
  router.receive(f.request({ flags: 'S' }));
});
afterAll(() => router.close());

describe('malformed', () => {
  test.each(Array.from({ length: 16 }, (_, v) => v).filter((v) => v !== 4))(
    'version %i passes untouched',
    (version) => {
      const frame = patched(f.request(), IP, (version << 4) | 5);
      expect(router.receive(frame)).toEqual(passed('malformed', frame));
    },
  );

  test.each([0, 1, 2, 3, 4])('a header of %i words passes untouched', (words) => {
    const frame = patched(f.request(), IP, 0x40 | words);
    expect(router.receive(frame)).toEqual(passed('malformed', frame));
  });

  test.each([0, 19, 20, 39])('a total length of %i bytes passes untouched', (length) => {
    const frame = patched(f.request(), IP + 2, 0, length);
    expect(router.receive(frame)).toEqual(passed('malformed', frame));
  });

  test('so does a later fragment whose length ends in its header', () => {
    for (const length of [0, 19]) {
      const frame = patched(f.request({ fragment: 0x2001 }), IP + 2, 0, length);
      expect(router.receive(frame)).toEqual(passed('malformed', frame));
    }
  });

  test('a total length smaller than the header with options passes untouched', () => {
    const frame = patched(f.request({ options: new Uint8Array(8) }), IP + 2, 0, 27);
    expect(router.receive(frame)).toEqual(passed('malformed', frame));
  });
});

test('a frame cut off at any byte of its packet passes untouched', () => {
  const whole = f.request();
  for (let length = 14; length < whole.length; length++) {
    const frame = whole.subarray(0, length);
    expect(router.receive(frame), `${length} bytes`).toEqual(passed('truncated', frame));
  }
});

test('bytes behind the packet, as in short frames, are kept', () => {
  expect(router.receive(f.request({ trailer: 26 }))).toEqual(forwarded(PRIVATE, f.forwarded({ trailer: 26 })));
});

describe('options', () => {
  const routerAlert = Uint8Array.from([0x94, 4, 0, 0]);
  const full = new Uint8Array(40).fill(1);

  test.each([
    ['router alert', routerAlert],
    ['forty bytes of padding', full],
  ])('%s: forwarded both ways with its options', (_, options) => {
    expect(router.receive(f.request({ options }))).toEqual(forwarded(PRIVATE, f.forwarded({ options })));
    expect(router.receiveReply(f.reply({ options }))).toEqual(forwarded(PUBLIC, f.returned({ options })));
  });

  test('a first packet may have them', () => {
    const first = frames({ client: at(CLIENT, 40001) });
    const fields = { flags: 'S', options: full };
    expect(router.receive(first.request(fields))).toEqual(forwarded(PRIVATE, first.forwarded(fields)));
  });
});

describe('the flags of fragmentation', () => {
  test.each([
    ['may be fragmented', 0x0000],
    ['has the reserved bit', 0x8000],
  ])('a whole packet that %s is forwarded', (_, fragment) => {
    expect(router.receive(f.request({ fragment }))).toEqual(forwarded(PRIVATE, f.forwarded({ fragment })));
  });
});

describe('time to live', () => {
  test.each([2, 3, 64, 128, 255])('%i is one less behind the router, both ways', (ttl) => {
    expect(router.receive(f.request({ ttl }))).toEqual(forwarded(PRIVATE, f.forwarded({ ttl: ttl - 1 })));
    expect(router.receiveReply(f.reply({ ttl }))).toEqual(forwarded(PUBLIC, f.returned({ ttl: ttl - 1 })));
  });

  test.each([0, 1])('%i ends here: a client hears it from the VIP, a server from the kernel', (ttl) => {
    const request = f.request({ ttl });
    const answer = answerTo(request, f.client, f.vip, ICMP.timeExceeded);
    expect(router.receive(request)).toEqual(answered('ttl_exceeded', answer));
    const reply = f.reply({ ttl });
    expect(router.receiveReply(reply)).toEqual(passed('refused_reply', reply));
  });

  test('a first packet at its end makes no connection', () => {
    const first = frames({ client: at(CLIENT, 40001) });
    const request = first.request({ flags: 'S', ttl: 1 });
    const answer = answerTo(request, first.client, first.vip, ICMP.timeExceeded);
    expect(router.receive(request)).toEqual(answered('ttl_exceeded', answer));
    expect(router.state(first)).toBeUndefined();
  });

  test('what is not a service keeps its last hop for the kernel', () => {
    const other = f.request({ to: at(f.vip, 81), flags: 'S', ttl: 1 });
    expect(router.receive(other)).toEqual(passed('no_service', other));
  });
});

test('a wrong header checksum stays wrong', () => {
  const right = f.request();
  const [high, low] = [right[IP + 10] as number, right[IP + 11] as number];
  const outcome = router.receive(patched(right, IP + 10, high ^ 0x55, low));
  expect(outcome.action).toBe('forwarded');
  expect(outcome.frame).not.toEqual(forwarded(PRIVATE, f.forwarded()).frame);
});
