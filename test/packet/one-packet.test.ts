// SPDX-License-Identifier: MIT
// One-packet scheduling: every datagram finds its server anew, none leaves a connection behind.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { setMarks } from './mark-fixture.ts';
import { forwarded, passed } from './outcome.ts';
import { at, PRIVATE, SERVER_1, SERVER_2, SERVER_3, VIP } from './roles.ts';
import { FIB, Router } from './router.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const udp = { protocol: 'udp' } as const;
const serve = (servers = [SERVER_1]) =>
  router.addService({ ...udp, scheduler: 'rr', onePacket: true, servers: servers.map((server) => at(server, 5353)) });

test('each datagram of a client goes to the scheduler’s next server', () => {
  serve([SERVER_1, SERVER_2, SERVER_3]);
  for (const server of [SERVER_3, SERVER_2, SERVER_1, SERVER_3]) {
    const f = frames({ server: at(server, 5353) });
    expect(router.receive(f.request(udp))).toEqual(forwarded(PRIVATE, f.forwarded(udp)));
  }
});

test('no connection remains, and each datagram counts as one', () => {
  const service = serve();
  const f = frames({ server: at(SERVER_1, 5353) });
  for (let i = 0; i < 5; i++) router.receive(f.request(udp));
  const slot = service.slot(at(SERVER_1, 5353));
  expect(router.halves).toBe(0);
  expect(router.tables.serverLoads.get(slot)).toMatchObject({ active: 0, inactive: 0 });
  expect(router.tables.serverCounters.sum(slot)).toMatchObject({ connections: 5n, incomingPackets: 5n });
});

test('the answer is not translated', () => {
  serve();
  const f = frames({ server: at(SERVER_1, 5353) });
  router.receive(f.request(udp));
  expect(router.receiveReply(f.reply(udp))).toEqual(passed('no_service', f.reply(udp)));
});

test('of a mark, datagrams alone are scheduled so', () => {
  const rule = { mark: 7, address: `${VIP.address}/32`, ports: [{ first: 0, last: 65535 }] };
  setMarks(router, [
    { ...rule, protocol: 'udp' },
    { ...rule, protocol: 'tcp' },
  ]);
  router.addService({ mark: 7, scheduler: 'rr', onePacket: true, servers: [at(SERVER_1, 0)] });
  const f = frames();
  expect(router.receive(f.request(udp))).toEqual(forwarded(PRIVATE, f.forwarded(udp)));
  expect(router.halves).toBe(0);
  expect(router.receive(f.request({ flags: 'S' }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'S' })));
  expect(router.halves).toBe(2);
});

test('is handed to the kernel rewritten while the server’s neighbour is unknown', () => {
  serve();
  router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
  const f = frames({ server: at(SERVER_1, 5353) });
  expect(router.receive(f.request(udp))).toEqual(passed('neighbour', f.handedOver(udp)));
});
