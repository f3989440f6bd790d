// SPDX-License-Identifier: MIT
// bpf/own_address.h: which of its addresses the router speaks by, to the servers of snat and in answers of its own.
import { beforeEach, describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { FAMILY_NUMBER, wideAddress } from './family.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { answered, dropped, forwarded } from './outcome.ts';
import { at, PRIVATE, PUBLIC, SERVER_1 } from './roles.ts';
import { putAddress, ROUTER, SnatFrames } from './snat-fixture.ts';

const router = freshRouter();
const OWN = { address: '10.0.0.77', port: 0 };

/** An address of the device, but of the other family. */
function putForeignAddress(): void {
  const family = FAMILY_NUMBER === abi.Family.IPV4 ? abi.Family.IPV6 : abi.Family.IPV4;
  const key = { prefixlen: 64, ifindex: PRIVATE, family, address: wideAddress('0.0.0.0') };
  router.tables.snatAddresses.set(key, wideAddress(ROUTER.address));
}

const PLACES: [string, () => void, typeof OWN | undefined][] = [
  ['none without one', () => {}, undefined],
  ['none that is another device’s', () => putAddress(router, OWN.address, '10.0.0.0', 24, PUBLIC), undefined],
  ['none of the other family', putForeignAddress, undefined],
  ['the device’s first where none is in the other’s network', () => putAddress(router, OWN.address, '0.0.0.0', 0), OWN],
  [
    'the one in the other’s network before the first',
    () => {
      putAddress(router, ROUTER.address, '0.0.0.0', 0);
      putAddress(router, OWN.address, '10.0.0.0', 24);
      putAddress(router, '10.1.0.77', '10.1.0.0', 24);
    },
    OWN,
  ],
  [
    'of two networks that the other is in, the one in the smaller',
    () => {
      putAddress(router, ROUTER.address, '10.0.0.0', 8);
      putAddress(router, OWN.address, '10.0.0.0', 30);
    },
    OWN,
  ],
];

describe.each(PLACES)('%s', (_, put, own) => {
  beforeEach(put);

  test('is what a server of snat sees', () => {
    router.addService({ snat: true, servers: [SERVER_1] });
    const f = new SnatFrames({ server: SERVER_1 });
    const outcome = f.open(router, syn);
    if (!own) {
      expect(outcome).toEqual(dropped('no_address'));
      return expect(router.halves).toBe(0);
    }
    f.router = at(own, f.router.port);
    expect(outcome).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
    expect(router.receiveReply(f.reply({ flags: 'SA' }))).toEqual(forwarded(PUBLIC, f.returned({ flags: 'SA' })));
  });

  test('is who tells a server that there is no connection', () => {
    router.set({ natIcmpSend: 1 });
    router.addService({ servers: [SERVER_1] });
    const sent = frames().reply();
    if (!own) return expect(router.receiveReply(sent)).toEqual(dropped('no_connection'));
    const answer = answerTo(sent, SERVER_1, own, ICMP.portUnreachable);
    expect(router.receiveReply(sent)).toEqual(answered('no_connection', answer, PRIVATE));
  });
});
