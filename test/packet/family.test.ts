// SPDX-License-Identifier: MIT
// bpf/family.h: every word of an address counts, wherever one is compared, masked, hashed or summed.
import { describe, expect, test } from 'vitest';
import type * as abi from '../../src/abi/index.ts';
import { freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { isIpv6, wideAddress } from './family.ts';
import { macBytes, patched, writeChecksums } from './frame.ts';
import { ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { setMarks } from './mark-fixture.ts';
import { hex, passed } from './outcome.ts';
import { at, CLIENT, FROM_GATEWAY, PUBLIC, SERVER_1, SERVER_2, SERVER_3, TO_GATEWAY, VIP } from './roles.ts';
import { MTU } from './router.ts';

const router = freshRouter();
const f = frames();
const IP = 14;
const SOURCE = IP + (isIpv6 ? 8 : 12);
/** Each word of an address, by its number. */
const WORDS = isIpv6 ? [0, 1, 2, 3] : [0];

/** A frame whose source differs in one bit of this word, with right checksums. */
function changed(frame: Uint8Array, word: number): Uint8Array {
  const place = SOURCE + 4 * word + 3;
  const other = patched(frame, place, (frame[place] as number) ^ 0x10);
  writeChecksums(other.subarray(IP));
  return other;
}

/** The client's address with that bit changed. */
function address(word: number): abi.Address {
  const own = wideAddress(CLIENT.address);
  return { word: own.word.map((value, i) => (i === word ? (value ^ 0x10) >>> 0 : value)) };
}

function letReach(word: number): void {
  const macs = { destinationMac: macBytes(TO_GATEWAY.destination), sourceMac: macBytes(TO_GATEWAY.source) };
  router.tables.routes.set(address(word), { result: 0, ifindex: PUBLIC, mtu: MTU, ...macs });
}

const serverOf = (outcome: { frame?: string }): string => outcome.frame?.slice(0, 12) ?? '';

describe.each(WORDS)('word %i of a client’s address', (word) => {
  test('makes another connection, with another checksum', () => {
    letReach(word);
    router.addService({ servers: [SERVER_1] });
    router.receive(f.request(syn));
    expect(router.receive(changed(f.request(syn), word))).toMatchObject({
      action: 'forwarded',
      frame: hex(changed(f.forwarded(syn), word)),
    });
    expect(router.halves).toBe(4);
  });

  test('is part of the network that a mark’s rule names', () => {
    letReach(word);
    const rule = { mark: 7, protocol: 'tcp', address: `${VIP.address}/32`, ports: [{ first: 80, last: 80 }] } as const;
    setMarks(router, [{ ...rule, source: `${CLIENT.address}/32` }]);
    router.addService({ mark: 7, servers: [SERVER_1] });
    expect(router.receive(f.request(syn)).action).toBe('forwarded');
    const other = changed(f.request(syn), word);
    expect(router.receive(other)).toEqual(passed('no_service', other));
  });

  test('is part of the network that keeps its server', () => {
    letReach(word);
    router.addService({ scheduler: 'rr', persistence: { ticks: 1000 }, servers: [SERVER_1, SERVER_2] });
    const one = router.receive(f.request(syn));
    const other = router.receive(changed(f.request(syn), word));
    expect(serverOf(one)).not.toBe(serverOf(other));
  });

  test('is hashed', () => {
    letReach(word);
    const servers = [SERVER_1, SERVER_2, SERVER_3].flatMap((server) => [
      at(server, 80),
      at(server, 81),
      at(server, 82),
    ]);
    router.addService({ scheduler: 'sh', servers });
    const choice = (words: readonly number[]) => {
      const folded = words.reduce((sum, value) => (sum ^ value) >>> 0, 0);
      return [...servers].reverse()[(Math.imul(folded, 0x61c88647) >>> 24) % servers.length];
    };
    const outcome = router.receive(changed(f.request(syn), word));
    const expected = frames({ server: choice(address(word).word) as never }).forwarded(syn);
    expect(outcome).toMatchObject({ action: 'forwarded', frame: hex(changed(expected, word)) });
  });

  test('tells who an error is for', () => {
    router.addService({ servers: [SERVER_1] });
    router.receive(f.request(syn));
    const quoted = packetOf(f.returned());
    const error = (to: Uint8Array) =>
      icmpError({ hop: FROM_GATEWAY, from: CLIENT, to: VIP, icmp: ICMP.portUnreachable }, to);
    expect(router.receive(error(quoted)).action).toBe('forwarded');
    const place = SOURCE - IP + 4 * word + 3;
    const joke = error(patched(quoted, place, (quoted[place] as number) ^ 0x10));
    expect(router.receive(joke)).toEqual(passed('icmp', joke));
  });
});

test('a network may end anywhere in an address', () => {
  const bits = isIpv6 ? [0, 1, 27, 28, 32, 33, 59, 60, 64, 91, 92, 96, 123, 124] : [0, 1, 8, 27, 28, 31];
  for (const prefix of bits) {
    router.reset();
    for (const word of WORDS) letReach(word);
    const persistence = { ticks: 1000, prefix: prefix - (isIpv6 ? 96 : 0) };
    router.addService({ scheduler: 'rr', persistence, servers: [SERVER_1, SERVER_2] });
    const own = serverOf(router.receive(f.request(syn)));
    for (const word of WORDS) {
      // the changed bit is the 28th of its word
      const isOutside = 32 * word + 27 < prefix;
      const other = serverOf(router.receive(changed(f.request(syn), word)));
      if (!isOutside) expect(other, `prefix ${prefix}, word ${word}`).toBe(own);
    }
    const networks = 1 + WORDS.filter((word) => 32 * word + 27 < prefix).length;
    expect(router.tables.persistence.size, `prefix ${prefix}`).toBe(networks);
  }
});
