// SPDX-License-Identifier: MIT
// bpf/snat.h and bpf/sctp.h: associations whose server sees the router. Both ports change, each in its own round.
import { expect, test } from 'vitest';
import { chunk, frame } from './frame.ts';
import { forwarded } from './outcome.ts';
import { at, CLIENT, FROM_GATEWAY, OTHER_CLIENT, PRIVATE, PUBLIC, SERVER_1, SERVER_2, VIP } from './roles.ts';
import { freshSnatRouter, numberNext, ROUTER, SnatFrames } from './snat-fixture.ts';

const router = freshSnatRouter();

const SERVER = at(SERVER_1, 3868);
const init = { chunks: chunk(1, new Uint8Array(16)) };
const initAck = { chunks: chunk(2, new Uint8Array(16)) };

function open(client: number, port: number): SnatFrames {
  router.addService({ protocol: 'sctp', snat: true, servers: [SERVER] });
  numberNext(router, port - 1024);
  const f = new SnatFrames({ server: SERVER, client: at(CLIENT, client), protocol: 'sctp' });
  f.router = at(ROUTER, port);
  expect(router.receive(f.request(init))).toEqual(forwarded(PRIVATE, f.forwarded(init)));
  return f;
}

test.each([
  ['another than the client’s', 40000, 1524],
  ['the client’s', 1524, 1524],
  ['the server’s', 40000, 3868],
  ['the server’s and the client’s', 3868, 3868],
])('the router’s port is %s: packets and their CRC are right both ways', (_, client, port) => {
  const f = open(client, port);
  expect(router.receiveReply(f.reply(initAck))).toEqual(forwarded(PUBLIC, f.returned(initAck)));
  expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
});

test('a reply’s port does not hang on the connection made last', () => {
  const f = open(3868, 1524);
  router.addService({ at: at(VIP, 81), servers: [at(SERVER_2, 8080)] });
  router.receive(frame({ hop: FROM_GATEWAY, from: at(OTHER_CLIENT, 3868), to: at(VIP, 81), flags: 'S' }));
  expect(router.receiveReply(f.reply(initAck))).toEqual(forwarded(PUBLIC, f.returned(initAck)));
});
