// SPDX-License-Identifier: MIT
// bpf/snat.h: by which port of the router a server sees its clients. By which address: own-address.test.ts.
import { describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { ownAddress } from './family.ts';
import { dropped, forwarded } from './outcome.ts';
import { at, CLIENT, OTHER_CLIENT, PUBLIC, SERVER_1, VIP } from './roles.ts';
import type { ServiceFixture } from './service-fixture.ts';
import { freshSnatRouter, keyOf, numberNext, ROUTER, SnatFrames, takePorts } from './snat-fixture.ts';

const router = freshSnatRouter();

const SERVER = at(SERVER_1, 8080);
const PORTS_TRIED = 16;
/** 1024 to 32767 */
const PORTS = 31_744;

const serve = (protocol: 'tcp' | 'udp' = 'tcp'): ServiceFixture =>
  router.addService({ protocol, snat: true, servers: [SERVER] });

describe('the router’s port', () => {
  test('is another for each connection to a server', () => {
    serve();
    const ports = Array.from({ length: 500 }, (_, i) => {
      const f = new SnatFrames({ server: SERVER, client: at(CLIENT, 1024 + i) });
      expect(f.open(router).action).toBe('forwarded');
      return f.router.port;
    });
    expect(new Set(ports).size).toBe(500);
  });

  test('is the one that was given out longest ago', () => {
    serve();
    const portOf = (client: number, number: number) => {
      numberNext(router, number);
      return visitFrom(client);
    };
    expect(portOf(1024, 1)).toBe(1025);
    // whoever comes, nobody is given it again before all others were
    expect(portOf(1024, 2)).toBe(1026);
    expect(portOf(1025, PORTS - 1)).toBe(32767);
    expect(portOf(1026, PORTS)).toBe(1024);
    expect(portOf(1027, PORTS + 1)).toBe(1025);
  });

  test('is counted on by the connection, not by the packet', () => {
    serve();
    numberNext(router, 7);
    const f = new SnatFrames({ server: SERVER });
    f.open(router);
    const { port } = f.router;
    router.receive(f.request({ flags: 'S' }));
    router.receive(f.request({ flags: 'A' }));
    const next = new SnatFrames({ server: SERVER, client: OTHER_CLIENT });
    next.open(router);
    expect([port, next.router.port]).toEqual([1031, 1032]);
  });

  test('is counted on by every service that leads to the server', () => {
    serve();
    router.addService({ at: at(VIP, 81), snat: true, servers: [SERVER] });
    numberNext(router, 7);
    const ports = [1024, 1025, 1026, 1027].map((client, i) => {
      const f = new SnatFrames({ server: SERVER, client: at(CLIENT, client) });
      f.open(router, { flags: 'S', to: at(VIP, i % 2 ? 81 : VIP.port) });
      return f.router.port;
    });
    expect(ports).toEqual([1031, 1032, 1033, 1034]);
  });

  test('begins anywhere, so that a router that begins anew does not go where the last one was', () => {
    serve();
    const firsts = Array.from({ length: 8 }, () => {
      numberNext(router, 0);
      const [first = 0, second] = [visitFrom(1024), visitFrom(1025)];
      expect(second).toBe(first === 32767 ? 1024 : first + 1);
      return first;
    });
    expect(new Set(firsts).size).toBeGreaterThan(1);
  });

  test('is one of sixteen that are tried, all different', () => {
    serve();
    const f = new SnatFrames({ server: SERVER });
    expect(new Set(takePorts(router, f, PORTS_TRIED)).size).toBe(PORTS_TRIED);
  });

  test('none free: the packet is dropped, counted, and leaves nothing behind', () => {
    const service = serve();
    const f = new SnatFrames({ server: SERVER });
    takePorts(router, f, PORTS_TRIED);
    const { halves } = router;
    const load = service.load(SERVER);
    expect(router.receive(f.request({ flags: 'S' }))).toEqual(dropped('no_port'));
    expect(router.halves).toBe(halves);
    expect(service.load(SERVER)).toEqual(load);
  });

  test.each([
    ['time_wait', 0, 'forwarded'],
    ['close', 0, 'forwarded'],
    ['sctp_closed', 0, 'forwarded'],
    ['syn_recv', 3, 'forwarded'],
    ['syn_recv', 1, 'dropped'],
    ['established', 3, 'dropped'],
  ] as const)('of another’s connection in %s for %i s when none is free: %s', (state, seconds, action) => {
    serve();
    const f = new SnatFrames({ server: SERVER });
    const [first = 0] = takePorts(router, f, PORTS_TRIED);
    giveTo(first, OTHER_CLIENT, state);
    router.pass(seconds);
    expect(f.open(router)).toMatchObject({ action });
    if (action === 'dropped') return;
    expect(f.router.port).toBe(first);
    expect(router.happened(`connection_${state === 'syn_recv' ? 'reclaimed' : 'reused'}`)).toBe(1);
    expect(router.tables.connections.get(keyOf(OTHER_CLIENT, VIP))).toBeUndefined();
    expect(router.tables.translations.get(keyOf(OTHER_CLIENT, VIP))).toBeUndefined();
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
  });
});

/** The port that a client's connection gets, which is gone without a trace afterwards. */
function visitFrom(port: number): number {
  const f = new SnatFrames({ server: SERVER, client: at(CLIENT, port) });
  f.open(router);
  for (const key of [keyOf(f.client, VIP), keyOf(SERVER, f.router)]) router.tables.connections.delete(key);
  return f.router.port;
}

/** Makes the reply half at this port one of a connection of another client in this state. */
function giveTo(
  port: number,
  client: typeof CLIENT,
  state: 'time_wait' | 'close' | 'sctp_closed' | 'syn_recv' | 'established',
): void {
  const { connections, translations } = router.tables;
  const own = at(ROUTER, port);
  const reply = connections.get(keyOf(SERVER, own)) as abi.Connection;
  const nonce = (reply.state & 0xffff0000) >>> 0;
  const number = Number(Object.entries(abi.stateNames).find(([, name]) => name === state)?.[0]);
  const key = keyOf(client, VIP);
  const address = ownAddress(SERVER.address);
  const word = (nonce | abi.HalfFlag.SNAT | number) >>> 0;
  const direction = abi.Direction.FORWARD;
  connections.set(key, { ...reply, key, address, port: SERVER.port, state: word, direction });
  const end = (who: typeof CLIENT): abi.Translation => ({
    nonce,
    address: ownAddress(who.address),
    port: who.port,
    reserved: 0,
  });
  translations.set(key, end(own));
  translations.set(keyOf(SERVER, own), end(client));
}
