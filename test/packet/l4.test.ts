// SPDX-License-Identifier: MIT
// bpf/l4.h: which segments are understood.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { protocolNumber } from '../../src/dataplane/abi-values.ts';
import { frames } from './conversation.ts';
import { IP_HEADER, isIpv6 } from './family.ts';
import { chunk, patched, writeChecksums } from './frame.ts';
import { forwarded, passed } from './outcome.ts';
import { PRIVATE, SERVER_1 } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
const f = frames();
const IP = 14;
const SEGMENT = IP + IP_HEADER;
/** IPv6's extension headers are no protocols. */
const EXTENSIONS = [0, 43, 44, 51, 60];
const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;
const INIT = 1;

beforeEach(() => {
  router.reset();
  for (const protocol of PROTOCOLS) {
    router.addService({ protocol, scheduler: 'rr', servers: [SERVER_1] });
    router.receive(f.request({ protocol, flags: 'S', chunks: chunk(INIT) }));
  }
});
afterAll(() => router.close());

/** Says another length than the segment has. */
function lengthened(frame: Uint8Array, length: number): Uint8Array {
  const changed = patched(frame, IP + (isIpv6 ? 4 : 2), 0, isIpv6 ? length : IP_HEADER + length);
  writeChecksums(changed.subarray(IP, SEGMENT + length));
  return changed;
}

test('every protocol but TCP, UDP, SCTP and ICMP passes untouched', () => {
  for (let protocol = 0; protocol < 256; protocol++) {
    if ([isIpv6 ? 58 : 1, 6, 17, 132, ...(isIpv6 ? EXTENSIONS : [])].includes(protocol)) continue;
    const frame = patched(f.request(), IP + (isIpv6 ? 6 : 9), protocol);
    expect(router.receive(frame), `protocol ${protocol}`).toEqual(passed('protocol', frame));
  }
});

describe('a header that is not whole passes untouched', () => {
  test.each([
    ['TCP', 'tcp', 20],
    ['UDP', 'udp', 8],
    ['SCTP', 'sctp', 12],
  ] as const)('%s', (_, protocol, header) => {
    for (let length = 0; length < header; length++) {
      const cut = lengthened(f.request({ protocol }), length);
      expect(router.receive(cut), `${length} bytes, more behind`).toEqual(passed('malformed', cut));
      const ended = cut.subarray(0, SEGMENT + length);
      expect(router.receive(ended), `${length} bytes`).toEqual(passed('truncated', ended));
    }
  });
});

test.each([0, 1, 2, 3, 4])('a TCP header of %i words passes untouched', (words) => {
  const frame = patched(f.request(), SEGMENT + 12, words << 4);
  expect(router.receive(frame)).toEqual(passed('malformed', frame));
});

test.each(PROTOCOLS)('%s: a bare header is forwarded', (protocol) => {
  const fields = { protocol, payload: new Uint8Array(0), chunks: new Uint8Array(0) };
  expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
});

test.each([1, 2, 3, 1480 - IP_HEADER])(
  'a TCP payload of %i bytes, odd ones included, keeps its checksum right',
  (length) => {
    const payload = Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
    expect(router.receive(f.request({ payload }))).toEqual(forwarded(PRIVATE, f.forwarded({ payload })));
  },
);

test.each(PROTOCOLS)('%s connections of the same addresses and ports are their own', (protocol) => {
  expect(router.connection(f, protocol).forward).toMatchObject({ key: { protocol: protocolNumber(protocol) } });
});
