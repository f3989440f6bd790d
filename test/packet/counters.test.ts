// SPDX-License-Identifier: MIT
// bpf/counters.h: connections, packets and bytes per server. Bytes are IP lengths, as IPVS counts.

import { afterAll, beforeEach, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { IP_HEADER } from './family.ts';
import { SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';

/** Of IP and TCP, bytes. */
const HEADERS = BigInt(IP_HEADER + 20);
const router = Router.open();
const f = frames();
const payload = (length: number) => ({ payload: new Uint8Array(length) });
beforeEach(() => router.reset());
afterAll(() => router.close());

test('packets and bytes of both directions, connections once', () => {
  const service = router.addService({ servers: [SERVER_1] });
  router.receive(f.request({ flags: 'S', ...payload(0) }));
  router.receiveReply(f.reply({ flags: 'SA', ...payload(0) }));
  router.receive(f.request(payload(100)));
  router.receiveReply(f.reply(payload(1000)));
  router.receiveReply(f.reply(payload(1000)));
  expect(service.counters(SERVER_1)).toEqual({
    connections: 1n,
    incomingPackets: 2n,
    incomingBytes: 2n * HEADERS + 100n,
    outgoingPackets: 3n,
    outgoingBytes: 3n * HEADERS + 2000n,
  });
});

test('the padding of short frames is no byte of the packet', () => {
  const service = router.addService({ servers: [SERVER_1] });
  router.receive(f.request({ flags: 'S', ...payload(0), trailer: 6 }));
  expect(service.counters(SERVER_1)?.incomingBytes).toBe(HEADERS);
});

test('each server has its own', () => {
  const service = router.addService({ scheduler: 'rr', servers: [SERVER_1, SERVER_2] });
  for (let port = 1; port <= 5; port++)
    router.receive(frames({ client: { ...f.client, port } }).request({ flags: 'S' }));
  expect([SERVER_1, SERVER_2].map((server) => service.counters(server)?.connections)).toEqual([2n, 3n]);
});

test('a packet that is dropped is not counted', () => {
  const service = router.addService({ servers: [SERVER_1] });
  router.receive(f.request({ flags: 'S', ...payload(0) }));
  router.receive(f.request({ ttl: 1 }));
  router.receiveReply(f.reply(payload(1461)));
  expect(service.counters(SERVER_1)).toMatchObject({ incomingPackets: 1n, outgoingPackets: 0n });
});

test('a connection that takes another’s place is one more', () => {
  const service = router.addService({ servers: [SERVER_1] });
  for (const flags of ['S', 'R', 'S', 'A', 'R', 'S']) router.receive(f.request({ flags }));
  expect(service.counters(SERVER_1)).toMatchObject({ connections: 2n, incomingPackets: 6n });
  expect(router.happened('connection_created')).toBe(2);
});
