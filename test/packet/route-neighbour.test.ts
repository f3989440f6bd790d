// SPDX-License-Identifier: MIT
// bpf/route.h: what happens to packets while nobody knows the next hop’s MAC address, towards servers and clients.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { IP_HEADER } from './family.ts';
import { dropped, forwarded, passed } from './outcome.ts';
import { CLIENT, FROM_GATEWAY, PRIVATE, PUBLIC, SERVER_1, SOMEBODY_MAC, TO_GATEWAY, toServer } from './roles.ts';
import { FIB, Router } from './router.ts';

const router = Router.open();
const f = frames();
const syn = { flags: 'S' };

beforeEach(() => {
  router.reset();
  router.addService({ scheduler: 'rr', servers: [SERVER_1] });
});
afterAll(() => router.close());

describe('no neighbour towards the server', () => {
  beforeEach(() => router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR }));

  test('the packet is handed to the kernel rewritten, not a hop older', () => {
    expect(router.receive(f.request(syn))).toEqual(passed('neighbour', f.handedOver(syn)));
  });

  test('so are all that follow, until the neighbour is known', () => {
    router.receive(f.request(syn));
    expect(router.receive(f.request())).toEqual(passed('neighbour', f.handedOver()));
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1) });
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
  });

  test('UDP likewise', () => {
    router.addService({ protocol: 'udp', servers: [SERVER_1] });
    const udp = { protocol: 'udp' } as const;
    expect(router.receive(f.request(udp))).toEqual(passed('neighbour', f.handedOver(udp)));
  });

  test('the reply finds its connection all the same', () => {
    router.receive(f.request(syn));
    expect(router.receiveReply(f.reply({ flags: 'SA' }))).toEqual(forwarded(PUBLIC, f.returned({ flags: 'SA' })));
  });

  test('a packet that is handed over counts for its server', () => {
    router.reset();
    router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
    const service = router.addService({ servers: [SERVER_1] });
    router.receive(f.request(syn));
    expect(service.counters(SERVER_1)).toMatchObject({
      connections: 1n,
      incomingPackets: 1n,
      incomingBytes: BigInt(IP_HEADER) + 34n,
    });
  });

  test('a neighbour that is lost later: handed over again', () => {
    router.route(SERVER_1, { device: PRIVATE, hop: toServer(SERVER_1) });
    router.receive(f.request(syn));
    router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
    router.announceChange();
    expect(router.receive(f.request())).toEqual(passed('neighbour', f.handedOver()));
  });

  test('the last hop of a packet ends here', () => {
    router.receive(f.request(syn));
    expect(router.receive(f.request({ ttl: 1 }))).toMatchObject({ action: 'answered', reason: 'ttl_exceeded' });
  });
});

describe('no neighbour towards the client', () => {
  const lost = { result: FIB.NO_NEIGHBOUR, device: PUBLIC };

  test('the reply goes the way the client’s own frame came', () => {
    router.route(CLIENT, lost);
    router.receive(f.request(syn));
    expect(router.receiveReply(f.reply({ flags: 'SA' }))).toEqual(forwarded(PUBLIC, f.returned({ flags: 'SA' })));
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });

  test('that is learned once, and asked for no more', () => {
    router.route(CLIENT, lost);
    expect(router.receive(f.request(syn)).action).toBe('forwarded');
    const { asked } = router.question;
    for (let i = 0; i < 3; i++) expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(router.question.asked).toBe(asked);
  });

  test('from whichever gateway it came', () => {
    router.route(CLIENT, lost);
    router.receive(f.request({ ...syn, hop: { ...FROM_GATEWAY, source: SOMEBODY_MAC } }));
    const hop = { ...TO_GATEWAY, destination: SOMEBODY_MAC };
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned({ hop })));
  });

  test('not by a device that the route does not use: then the reply is dropped', () => {
    router.route(CLIENT, { ...lost, device: PRIVATE });
    expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
    expect(router.receiveReply(f.reply())).toEqual(dropped('no_neighbour'));
  });

  test('that was known before keeps its MAC', () => {
    router.receive(f.request(syn));
    router.route(CLIENT, lost);
    router.announceChange();
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    const { asked } = router.question;
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(router.question.asked, 'asked once for all').toBe(asked);
  });

  test('that was known on another device is learned from the next frame of the client', () => {
    router.route(CLIENT, { device: PRIVATE });
    router.receive(f.request(syn));
    router.route(CLIENT, lost);
    router.announceChange();
    expect(router.receiveReply(f.reply())).toEqual(dropped('no_neighbour'));
    router.receive(f.request());
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });
});
