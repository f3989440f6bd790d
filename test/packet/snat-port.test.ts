// SPDX-License-Identifier: MIT
// bpf/snat.h: by which port of the router a server sees its clients. By which address: own-address.test.ts.
import { describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { ownAddress } from './family.ts';
import { dropped, forwarded } from './outcome.ts';
import { at, CLIENT, OTHER_CLIENT, PUBLIC, SERVER_1, VIP } from './roles.ts';
import type { ServiceFixture } from './service-fixture.ts';
import { freshSnatRouter, keyOf, ROUTER, SnatFrames, takePorts } from './snat-fixture.ts';

const router = freshSnatRouter();

const SERVER = at(SERVER_1, 8080);
const PORTS_TRIED = 16;

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

  test('is the same when the same client comes again', () => {
    serve('udp');
    const f = new SnatFrames({ server: SERVER, protocol: 'udp' });
    f.open(router);
    const { port } = f.router;
    router.pass(302);
    f.open(router);
    expect(f.router.port).toBe(port);
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

/** Makes the reply half at this port one of a connection of another client in this state. */
function giveTo(port: number, client: typeof CLIENT, state: 'time_wait' | 'close' | 'syn_recv' | 'established'): void {
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
