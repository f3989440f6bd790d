// SPDX-License-Identifier: MIT
// bpf/job.h: nothing of one packet is left when the next one of its CPU begins. Every other test that makes connections runs
// through it: what a packet says of itself arrives in them.
import { expect, test } from 'vitest';
import { freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { answerTo, ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { answered, dropped, forwarded, passed } from './outcome.ts';
import {
  at,
  CLIENT,
  FROM_GATEWAY,
  OTHER_CLIENT,
  PRIVATE,
  PRIVATE_MAC,
  PUBLIC,
  PUBLIC_MAC,
  SERVER_1,
  SERVER_2,
  VIP,
} from './roles.ts';
import { FIB } from './router.ts';

const router = freshRouter();
const OTHER_VIP = at(VIP, 81);
const f = frames();
const other = frames({ client: OTHER_CLIENT, vip: OTHER_VIP, server: SERVER_2 });

test('a connection has no persistence because the one before had', () => {
  router.addService({ persistence: { ticks: 1000, prefix: 24 }, servers: [SERVER_1] });
  router.addService({ at: OTHER_VIP, servers: [SERVER_2] });
  router.receive(f.request(syn));
  router.receive(other.request(syn));
  expect(router.connection(f).forward?.prefix).not.toBe(0);
  const { forward, reply } = router.connection(other);
  expect([forward?.prefix, reply?.prefix]).toEqual([0, 0]);
});

test('a server whose neighbour is unknown does not get the next hop of the one before', () => {
  router.addService({ servers: [SERVER_1] });
  router.addService({ at: OTHER_VIP, servers: [SERVER_2] });
  router.route(SERVER_2, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
  router.receive(f.request(syn));
  for (const fields of [syn, {}])
    expect(router.receive(other.request(fields))).toEqual(passed('neighbour', other.handedOver(fields)));
  expect(router.connection(other).forward).toMatchObject({ destinationMac: new Uint8Array(6) });
});

test('a client whose neighbour is unknown gets the way its own frame came, not that of the one before', () => {
  const gateway = '02:00:00:00:01:55';
  router.addService({ servers: [SERVER_1] });
  router.addService({ at: OTHER_VIP, servers: [SERVER_2] });
  router.route(OTHER_CLIENT, { result: FIB.NO_NEIGHBOUR });
  router.receive(f.request(syn));
  router.receive(other.request({ ...syn, hop: { source: gateway, destination: PUBLIC_MAC } }));
  const hop = { source: PUBLIC_MAC, destination: gateway };
  expect(router.receiveReply(other.reply())).toEqual(forwarded(PUBLIC, other.returned({ hop })));
});

test('nor that of the one before where its own frame came another way', () => {
  router.addService({ servers: [SERVER_1] });
  router.addService({ at: OTHER_VIP, servers: [SERVER_2] });
  router.route(OTHER_CLIENT, { result: FIB.NO_NEIGHBOUR });
  router.receive(f.request(syn));
  const hop = { ...FROM_GATEWAY, destination: PRIVATE_MAC };
  expect(router.receive(other.request({ ...syn, hop }), PRIVATE).action).toBe('forwarded');
  expect(router.receiveReply(other.reply())).toEqual(dropped('no_neighbour'));
});

test('a packet is not FTP’s because the one before was', () => {
  router.addService({ at: at(VIP, 21), persistence: { ticks: 1000 }, servers: [] });
  router.addService({ servers: [] });
  const data = f.request({ ...syn, to: at(VIP, 5000) });
  expect(router.receive(data)).toEqual(passed('ftp_data', data));
  const next = f.request(syn);
  expect(router.receive(next)).toEqual(answered('no_server', answerTo(next, CLIENT, VIP, ICMP.portUnreachable)));
});

test('a segment is not an error’s because the one before was', () => {
  router.set({ scheduleIcmp: 1 });
  router.addService({ servers: [SERVER_1] });
  router.addService({ at: OTHER_VIP, servers: [SERVER_2] });
  const hop = { hop: FROM_GATEWAY, from: CLIENT, to: VIP, icmp: ICMP.tooBig(1400) };
  expect(router.receive(icmpError(hop, packetOf(f.returned()))).action).toBe('forwarded');
  expect(router.state(f)).toBe('none');
  router.receive(other.request(syn));
  expect(router.state(other)).toBe('syn_recv');
});
