// SPDX-License-Identifier: MIT
// bpf/conntrack_half.h, bpf/conntrack.h: the two halves of a connection, as bpf/conntrack_create.h makes them, and how it is counted.
import { describe, expect, test } from 'vitest';
import { establish, freshRouter, syn, udp } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { ownAddress } from './family.ts';
import { macBytes } from './frame.ts';
import { forwarded, passed } from './outcome.ts';
import * as roles from './roles.ts';
import { at, CLIENT, PRIVATE, PUBLIC, SERVER_1, SERVER_2, VIP } from './roles.ts';

const router = freshRouter();
const f = frames();

describe('a connection has two halves', () => {
  test('each with its own way and the same nonce', () => {
    const service = router.addService({ servers: [at(SERVER_1, 8080)] });
    const there = frames({ server: at(SERVER_1, 8080) });
    router.receive(there.request(syn));
    const { forward, reply } = router.connection(there);
    expect(forward).toMatchObject({
      address: ownAddress(SERVER_1.address),
      port: 8080,
      ifindex: PRIVATE,
      mtu: 1500,
      destinationMac: macBytes(roles.macOf(SERVER_1)),
      sourceMac: macBytes(roles.PRIVATE_MAC),
      server: service.slot(at(SERVER_1, 8080)),
      direction: 0,
      prefix: 0,
      lastSeen: router.now,
    });
    expect(reply).toMatchObject({
      address: ownAddress(VIP.address),
      port: 80,
      ifindex: PUBLIC,
      destinationMac: macBytes(roles.GATEWAY_MAC),
      sourceMac: macBytes(roles.PUBLIC_MAC),
      direction: 1,
    });
    expect(router.halves).toBe(2);
    expect((forward?.state ?? 0) >>> 16).toBe((reply?.state ?? 1) >>> 16);
  });

  test('and nonces differ from connection to connection', () => {
    router.addService({ servers: [SERVER_1] });
    const nonces = Array.from({ length: 32 }, (_, i) => {
      const each = frames({ client: at(CLIENT, 1000 + i) });
      router.receive(each.request(syn));
      return (router.connection(each).forward?.state ?? 0) >>> 16;
    });
    expect(new Set(nonces).size).toBeGreaterThan(24);
  });

  test('a reply half without its forward half counts for nothing', () => {
    router.addService({ servers: [SERVER_1] });
    establish(router, f);
    router.tables.connections.delete(router.connection(f).forward?.key as never);
    router.pass(2); // the fast path trusts a half that was looked at within the second
    const reply = f.reply();
    expect(router.receiveReply(reply)).toEqual(passed('no_service', reply));
  });

  test('a reply half that was left behind does not keep the connection from being made', () => {
    router.addService({ servers: [SERVER_1] });
    establish(router, f);
    router.tables.connections.delete(router.connection(f).forward?.key as never);
    expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, f.forwarded(syn)));
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(router.halves).toBe(2);
  });

  test('halves with different nonces are no connection', () => {
    router.addService({ servers: [SERVER_1] });
    establish(router, f);
    const { reply } = router.connection(f);
    if (reply) router.tables.connections.set(reply.key, { ...reply, state: (reply.state ^ 0x10000) >>> 0 });
    const answer = f.reply();
    router.announceChange(); // off the fast path, which trusts what it finds
    expect(router.receiveReply(answer)).toEqual(passed('no_service', answer));
  });
});

describe('active and inactive connections', () => {
  test('follow a connection from its first SYN to its end', () => {
    const service = router.addService({ servers: [SERVER_1] });
    const steps: [string, 'request' | 'reply', number, number][] = [
      ['S', 'request', 1, 0],
      ['SA', 'reply', 1, 0],
      ['A', 'request', 1, 0],
      ['FA', 'reply', 0, 1],
      ['FA', 'request', 0, 1],
      ['A', 'reply', 0, 1],
    ];
    for (const [flags, side, active, inactive] of steps) {
      if (side === 'request') router.receive(f.request({ flags }));
      else router.receiveReply(f.reply({ flags }));
      expect(service.load(SERVER_1), `${side} ${flags}`).toEqual({ active, inactive });
    }
    router.pass(200);
    router.receive(f.request());
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 0 });
  });

  test('UDP flows are inactive', () => {
    const service = router.addService({ protocol: 'udp', servers: [SERVER_1] });
    router.receive(f.request(udp));
    router.receiveReply(f.reply(udp));
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 1 });
  });

  test('are not counted for a packet that makes no connection', () => {
    const service = router.addService({ servers: [SERVER_1] });
    router.tables.routes.clear();
    router.receive(f.request(syn));
    expect(service.load(SERVER_1)).toEqual({ active: 0, inactive: 0 });
  });
});

test('packets of the client and the server that are not the connection’s are not touched by it', () => {
  router.addService({ servers: [SERVER_1] });
  establish(router, f);
  const strangers = [
    frames({ client: at(CLIENT, 40001) }).reply(),
    frames({ server: at(SERVER_1, 81) }).reply(),
    frames({ server: SERVER_2 }).reply(),
    f.reply(udp),
  ];
  for (const frame of strangers) expect(router.receiveReply(frame)).toEqual(passed('no_service', frame));
});
