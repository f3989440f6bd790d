// SPDX-License-Identifier: MIT
// bpf/front.h: copies of steady flows in front of the connection table, one set of them for each CPU, what they serve and when
// they are void; which are kept: front-keep.test.ts. That a copy served a
// packet shows when the table has lost the connection behind its back; that none did, when the packet then finds nothing.
import { cpus } from 'node:os';
import { beforeEach, describe, expect, test } from 'vitest';
import { establish, freshRouter, syn, udp } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { keep, moveTo, stayOnOneCpu } from './front-fixture.ts';
import { dropped, forwarded, passed } from './outcome.ts';
import { at, CLIENT, PRIVATE, PUBLIC, SERVER_1, SERVER_2 } from './roles.ts';
import { type Router, ticks } from './router.ts';

const f = frames();
const second = frames({ server: SERVER_2 });

stayOnOneCpu();

describe('a copy', () => {
  const router = freshRouter();

  function keptConnection(): ReturnType<Router['addService']> {
    const service = router.addService({ scheduler: 'rr', servers: [SERVER_2, SERVER_1] });
    establish(router, f);
    keep(router, f);
    return service;
  }

  test('serves what follows, both ways, as the table would have', () => {
    const service = keptConnection();
    router.tables.connections.clear();
    for (const payload of [new Uint8Array(0), new Uint8Array(1), new Uint8Array(1400)]) keep(router, f, { payload });
    expect(service.counters(SERVER_1)).toMatchObject({ incomingPackets: 6n, outgoingPackets: 4n });
  });

  test('of UDP serves too, with a checksum and without', () => {
    router.addService({ protocol: 'udp', servers: [SERVER_1] });
    router.receive(f.request(udp));
    keep(router, f, udp);
    router.tables.connections.clear();
    keep(router, f, udp);
    keep(router, f, { ...udp, checksum: 0 });
  });

  test.each(['S', 'SA', 'F', 'FA', 'R', 'RA', ''])('is not asked by a segment with the flags "%s"', (flags) => {
    keptConnection();
    router.tables.connections.clear();
    expect(router.receive(f.request({ flags })).frame).not.toBe(forwarded(PRIVATE, f.forwarded({ flags })).frame);
  });

  test('is not asked by what has no hop left or is too big', () => {
    keptConnection();
    expect(router.receive(f.request({ ttl: 1 }))).toMatchObject({ reason: 'ttl_exceeded' });
    expect(router.receive(f.request({ payload: new Uint8Array(1461) }))).toMatchObject({ reason: 'too_big' });
  });

  test.each([
    ['the client', (flags: string) => router.receive(f.request({ flags }))],
    ['the server', (flags: string) => router.receiveReply(f.reply({ flags }))],
  ])('is void when %s ends the connection', (_who, end) => {
    for (const flags of ['FA', 'R']) {
      router.reset();
      keptConnection();
      end(flags);
      router.tables.connections.clear();
      expect(router.receive(f.request())).toMatchObject({ reason: 'not_new' });
    }
  });

  test('is void when its connection is deleted', () => {
    keptConnection();
    const { forward, reply } = router.connection(f);
    for (const half of [forward, reply])
      router.tables.connections.set(half?.key as never, { ...(half as never as object), lastSeen: 0 } as never);
    expect(router.run('expire')).toBe(1);
    expect(router.receive(f.request())).toMatchObject({ reason: 'not_new' });
    expect(router.receiveReply(f.reply())).toMatchObject({ reason: 'no_service' });
  });

  test('is not made where there is room for none: the table serves both ways', () => {
    router.set({ frontSets: 0 });
    const service = keptConnection();
    expect(service.counters(SERVER_1)).toMatchObject({ incomingPackets: 3n, outgoingPackets: 1n });
    router.tables.connections.clear();
    expect(router.receive(f.request())).toMatchObject({ reason: 'not_new' });
    expect(router.receiveReply(f.reply())).toMatchObject({ reason: 'no_service' });
  });

  test('is void when a SYN makes the connection anew', () => {
    keptConnection();
    router.receive(f.request({ flags: 'R' }));
    expect(router.receive(f.request(syn))).toEqual(forwarded(PRIVATE, second.forwarded(syn)));
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, second.forwarded()));
    keep(router, second);
    expect(router.receiveReply(f.reply())).toMatchObject({ reason: 'no_service' });
  });

  test('is void when its server is removed, and good again when it is back', () => {
    const service = keptConnection();
    const restore = service.remove(SERVER_1);
    router.announceChange();
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(router.receive(f.request())).toEqual(dropped('server_gone'));
    restore();
    router.announceChange();
    keep(router, f);
  });

  test('with expire_nodest_conn does not keep a removed server’s connection', () => {
    router.set({ expireNodestConn: 1 });
    const service = router.addService({ protocol: 'udp', servers: [SERVER_2, SERVER_1] });
    router.receive(f.request(udp));
    keep(router, f, udp);
    service.remove(SERVER_1);
    router.announceChange();
    expect(router.receive(f.request(udp))).toEqual(forwarded(PRIVATE, second.forwarded(udp)));
  });

  test('lives through a drain and a change of weight, which new connections see at once', () => {
    const service = keptConnection();
    service.setWeight(SERVER_1, 0);
    router.announceChange();
    keep(router, f);
    const other = frames({ client: at(CLIENT, 40001), server: SERVER_2 });
    expect(router.receive(other.request(syn))).toEqual(forwarded(PRIVATE, other.forwarded(syn)));
  });

  test('knows a new next hop at once, told by user space or by age', () => {
    keptConnection();
    const hop = { source: '02:00:00:00:03:fe', destination: '02:00:00:00:03:01' };
    router.route(SERVER_1, { device: PUBLIC, hop });
    router.announceChange();
    expect(router.receive(f.request())).toEqual(forwarded(PUBLIC, f.forwarded({ hop })));
    expect(router.receive(f.request())).toEqual(forwarded(PUBLIC, f.forwarded({ hop })));
    router.route(SERVER_1, { device: PRIVATE, hop, mtu: 100 });
    const epoch = router.tables.epochs.get(0);
    router.tables.epochs.set(0, { ...(epoch as NonNullable<typeof epoch>), age: 1 });
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded({ hop })));
    expect(router.receive(f.request({ payload: new Uint8Array(80) }))).toMatchObject({ reason: 'too_big' });
  });

  test.each([
    ['requests', () => router.receive(f.request())],
    ['replies', () => router.receiveReply(f.reply())],
  ])('keeps a connection alive by %s alone, its stamp a second behind at most', (_what, send) => {
    keptConnection();
    for (let second = 0; second < 1000; second++) {
      router.pass(1);
      expect(send().action).toBe('forwarded');
      expect(router.run('expire')).toBe(0);
    }
    const { forward, reply } = router.connection(f);
    expect(router.now - Math.max(forward?.lastSeen ?? 0, reply?.lastSeen ?? 0)).toBeLessThanOrEqual(15);
    router.passTicks(ticks(900) + 16);
    expect(router.run('expire')).toBe(1);
  });
});

describe('with more flows than a CPU renews the stamps of in time', () => {
  const router = freshRouter({ frontSets: 512 });
  const flows = Array.from({ length: 300 }, (_, i) => frames({ client: at(CLIENT, 40000 + i) }));
  const everyoneSends = (): void => {
    for (const flow of flows) expect(router.receive(flow.request(udp)).action).toBe('forwarded');
  };
  beforeEach(() => {
    router.addService({ protocol: 'udp', servers: [SERVER_1] });
    router.set({ timeouts: router.settings.timeouts.map(() => ticks(2)) });
    everyoneSends();
    everyoneSends();
  });

  test('busy ones do not expire', () => {
    for (let second = 0; second < 30; second++) {
      router.pass(1);
      everyoneSends();
      router.goRound(flows.length);
      expect(router.happened('connection_expired')).toBe(0);
    }
    const late = flows.filter((flow) => router.now - (router.connection(flow, 'udp').forward?.lastSeen ?? 0) > 15);
    expect(late.length).toBeGreaterThan(50);
  });

  test('idle ones expire 8 s later, and when all is calm again in time', () => {
    for (let second = 0; second < 4; second++) {
      router.pass(1);
      everyoneSends();
    }
    router.passTicks(ticks(2) + 16);
    expect(router.run('expire')).toBe(0);
    router.passTicks(120);
    router.goRound(flows.length);
    expect(router.halves).toBe(0);
    router.pass(20);
    router.receive(f.request(udp));
    router.passTicks(ticks(2) + 16);
    expect(router.run('expire')).toBe(1);
  });
});

describe.runIf(cpus().length > 1)('on two CPUs', () => {
  const router = freshRouter();

  test('each has its copy, all are void when the connection ends on one', () => {
    const service = router.addService({ scheduler: 'rr', servers: [SERVER_2, SERVER_1] });
    establish(router, f);
    for (const cpu of ['0', '1', '0', '1']) {
      moveTo(cpu);
      keep(router, f);
    }
    expect(service.counters(SERVER_1)).toMatchObject({ incomingPackets: 6n, outgoingPackets: 4n });
    router.receive(f.request({ flags: 'R' }));
    router.receive(f.request(syn));
    moveTo('0');
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, second.forwarded()));
    const stray = f.reply();
    expect(router.receiveReply(stray)).toEqual(passed('no_service', stray));
  });
});
