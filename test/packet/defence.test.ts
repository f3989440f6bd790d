// SPDX-License-Identifier: MIT
// bpf/defence.h: caps on new connections by source and by service, and drop_packet. Connections that exist feel nothing.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { dropped } from './outcome.ts';
import { at, CLIENT, type Endpoint, NEIGHBOUR_CLIENT, OTHER_CLIENT, SERVER_1, VIP } from './roles.ts';
import { Router } from './router.ts';
import { freshPort } from './scheduling.ts';

const router = Router.open();
beforeEach(() => {
  router.reset();
  router.addService({ servers: [SERVER_1] });
  router.addService({ at: at(VIP, 81), servers: [SERVER_1] });
  // to the beginning of a window
  router.passTicks(15 - (router.now % 15));
});
afterAll(() => router.close());

const come = (client: Endpoint = CLIENT, vip = VIP) =>
  router.receive(frames({ client: at(client, freshPort()), vip }).request({ flags: 'S' }));
const forwardedOf = (count: number, client?: Endpoint, vip?: Endpoint): number =>
  Array.from({ length: count }, () => come(client, vip)).filter(({ action }) => action === 'forwarded').length;

describe('so many new connections a second', () => {
  test('from one source, to whichever service', () => {
    router.set({ sourceLimit: 10 });
    expect(forwardedOf(6)).toBe(6);
    expect(forwardedOf(6, CLIENT, at(VIP, 81))).toBe(4);
    expect(come()).toEqual(dropped('source_limit'));
  });

  test('do not count for other sources', () => {
    router.set({ sourceLimit: 3 });
    for (const client of [CLIENT, NEIGHBOUR_CLIENT, OTHER_CLIENT]) expect(forwardedOf(5, client)).toBe(3);
  });

  test('to one service, from whichever source', () => {
    router.set({ serviceLimit: 4 });
    expect(forwardedOf(3, CLIENT) + forwardedOf(3, OTHER_CLIENT)).toBe(4);
    expect(come()).toEqual(dropped('service_limit'));
    expect(forwardedOf(9, CLIENT, at(VIP, 81))).toBe(4);
  });

  test('and as many again in the next second', () => {
    router.set({ sourceLimit: 2, serviceLimit: 3 });
    for (let second = 0; second < 3; second++) {
      expect(forwardedOf(5)).toBe(2);
      router.passTicks(15);
    }
    expect(router.reasons).toEqual({ source_limit: 9 });
  });

  test('leave connections that exist alone', () => {
    const f = frames();
    router.receive(f.request({ flags: 'S' }));
    router.set({ sourceLimit: 1, serviceLimit: 1 });
    expect(forwardedOf(5)).toBe(1);
    for (let i = 0; i < 20; i++) expect(router.receive(f.request()).action).toBe('forwarded');
    for (let i = 0; i < 20; i++) expect(router.receiveReply(f.reply()).action).toBe('forwarded');
  });

  test('are not spent on what is no service', () => {
    router.set({ sourceLimit: 1 });
    for (let i = 0; i < 5; i++) come(CLIENT, at(VIP, 82));
    expect(forwardedOf(1)).toBe(1);
  });
});

describe('drop_packet', () => {
  test.each([
    [2, 50],
    [10, 10],
    [1, 100],
  ])('loses one new connection of %i', (amDroprate, lost) => {
    router.set({ dropPacket: 3, amDroprate });
    expect(forwardedOf(100)).toBe(100 - lost);
    expect(router.reasons).toEqual({ on_purpose: lost });
  });

  test.each([1, 2])('%i loses none while memory is not short, whatever am_droprate says', (dropPacket) => {
    router.set({ dropPacket, amDroprate: 2 });
    expect(forwardedOf(50)).toBe(50);
  });

  test.each([1, 2])('%i loses one in so many as the daemon says when it is', (dropPacket) => {
    router.set({ dropPacket, amDroprate: 2 });
    router.tables.daemons.set(0, { seen: router.now, pid: 1, shortage: 5 });
    expect(forwardedOf(100)).toBe(80);
    expect(router.reasons).toEqual({ on_purpose: 20 });
  });

  test.each([1, 2])('%i loses none any more when the daemon has been gone for 30 s', (dropPacket) => {
    router.set({ dropPacket });
    router.tables.daemons.set(0, { seen: router.now, pid: 1, shortage: 1 });
    expect(forwardedOf(10)).toBe(0);
    router.pass(31);
    expect(forwardedOf(10)).toBe(10);
  });

  test('is off by default, whatever the rate', () => {
    router.set({ amDroprate: 1 });
    expect(forwardedOf(20)).toBe(20);
  });
});
