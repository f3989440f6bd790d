// SPDX-License-Identifier: MIT
// bpf/persistence.h: who keeps which server, and for how long.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type * as abi from '../../src/abi/index.ts';
import { frames } from './conversation.ts';
import { wideAddress } from './family.ts';
import { setMarks } from './mark-fixture.ts';
import { at, CLIENT, type Endpoint, NEIGHBOUR_CLIENT, OTHER_CLIENT, SERVER_1, SERVER_2, VIP } from './roles.ts';
import { Router } from './router.ts';
import { choices, chosen, freshPort } from './scheduling.ts';

const TIMEOUT = 1000;
const servers = [SERVER_1, SERVER_2];
const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const persistent = (fields = {}, prefix = 32) =>
  router.addService({ scheduler: 'rr', persistence: { ticks: TIMEOUT, prefix }, servers, ...fields });

const again = (who: Endpoint, vip = VIP): string => chosen(router, at(who, freshPort()), vip);

/** The only entry there is. */
function entry() {
  const all = [...router.tables.persistence.entries()];
  expect(all).toHaveLength(1);
  const [key, value] = all[0] as (typeof all)[0];
  return { key, ...value };
}

test('a client keeps its server', () => {
  persistent();
  expect(choices(router, 5)).toBe('2 2 2 2 2');
});

test('without persistence it does not', () => {
  router.addService({ scheduler: 'rr', servers });
  expect(choices(router, 4)).toBe('2 1 2 1');
});

test('an entry names the client’s network, the service and the server', () => {
  const service = persistent({}, 24);
  again(CLIENT);
  expect(entry()).toEqual({
    key: { client: wideAddress('198.51.100.0'), service: service.id },
    server: service.slot(SERVER_2),
    timeout: TIMEOUT,
    lastUsed: router.now,
    assured: 0,
    active: 1,
  });
  expect(router.happened('persistence_created')).toBe(1);
});

describe('an entry is assured', () => {
  test('by a connection that is established, and stays so', () => {
    persistent();
    const f = frames({ server: SERVER_2 });
    router.receive(f.request({ flags: 'S' }));
    expect(entry().assured).toBe(0);
    router.receive(f.request());
    expect(entry().assured).toBe(1);
    router.receive(f.request({ flags: 'R' }));
    expect(entry().assured).toBe(1);
  });

  test('by the first datagram that is answered', () => {
    persistent({ protocol: 'udp' });
    const [f, udp] = [frames({ server: SERVER_2 }), { protocol: 'udp' } as const];
    for (let i = 0; i < 3; i++) router.receive(f.request(udp));
    expect(entry().assured).toBe(0);
    router.receiveReply(f.reply(udp));
    expect(entry().assured).toBe(1);
  });
});

describe('clients of one network share a server', () => {
  test.each([
    [32, ['2', '1', '2']],
    [24, ['2', '2', '1']],
    [8, ['2', '2', '1']],
    [1, ['2', '2', '2']],
  ])('prefix /%i', (prefix, got) => {
    persistent({}, prefix);
    expect([CLIENT, NEIGHBOUR_CLIENT, OTHER_CLIENT].map((who) => again(who))).toEqual(got);
    expect([CLIENT, NEIGHBOUR_CLIENT, OTHER_CLIENT].map((who) => again(who))).toEqual(got);
  });
});

describe('what is kept together', () => {
  test('all ports of a port-0 service', () => {
    persistent({ at: at(VIP, 0), servers: [at(SERVER_1, 0), at(SERVER_2, 0)] });
    expect([80, 443, 21, 20000].map((port) => again(CLIENT, at(VIP, port)))).toEqual(['2', '2', '2', '2']);
  });

  test('all that has the mark: ports, protocols, addresses', () => {
    const ports = [80, 443].map((port) => ({ first: port, last: port }));
    setMarks(router, [
      { mark: 80, protocol: 'tcp', address: '192.0.2.0/24', ports },
      { mark: 80, protocol: 'udp', address: '192.0.2.10/32', ports },
    ]);
    persistent({ mark: 80, servers: [at(SERVER_1, 0), at(SERVER_2, 0)] });
    expect([80, 443].map((port) => again(CLIENT, at(VIP, port)))).toEqual(['2', '2']);
    expect(again(CLIENT, { address: '192.0.2.77', port: 80 })).toBe('2');
    const udp = { protocol: 'udp' } as const;
    const f = frames({ server: SERVER_2 });
    expect(router.receive(f.request(udp))).toMatchObject({ frame: expect.stringContaining('0a000002') });
    expect(again(OTHER_CLIENT)).toBe('1');
  });

  test('not two services', () => {
    const other = at(VIP, 443);
    persistent();
    persistent({ at: other });
    expect(again(CLIENT)).toBe('2');
    expect(again(OTHER_CLIENT, other)).toBe('2');
    expect(again(CLIENT, other)).toBe('1');
    expect([again(CLIENT), again(CLIENT, other)]).toEqual(['2', '1']);
  });
});

/** A UDP flow: inactive, so that it does not hold its entry. */
function datagram(who = CLIENT): string {
  const f = frames({ client: at(who, freshPort()) });
  const { frame = '' } = router.receive(f.request({ protocol: 'udp' }));
  return String(Number.parseInt(frame.split(' ')[1]?.slice(-2) ?? '', 16));
}

describe('the timer', () => {
  beforeEach(() => persistent({ protocol: 'udp' }));

  test('ends the entry after its timeout, not before', () => {
    expect(datagram()).toBe('2');
    router.passTicks(TIMEOUT);
    expect(datagram()).toBe('2');
    router.passTicks(TIMEOUT + 1);
    expect(datagram()).toBe('1');
  });

  test('starts anew with every new connection', () => {
    for (let i = 0; i < 5; i++) {
      expect(datagram()).toBe('2');
      router.passTicks(TIMEOUT - 1);
    }
  });

  test('starts anew for a client that was connected, too', () => {
    const f = frames({ client: at(CLIENT, freshPort()), server: SERVER_2 });
    router.receive(f.request({ protocol: 'udp' }));
    router.receiveReply(f.reply({ protocol: 'udp' }));
    for (let i = 0; i < 3; i++) {
      expect(entry().assured).toBe(1);
      router.passTicks(TIMEOUT - 1);
      expect(datagram()).toBe('2');
      expect(entry().lastUsed).toBe(router.now);
    }
  });

  test('does not start anew with packets of connections that exist', () => {
    const f = frames({ client: at(CLIENT, freshPort()) });
    router.receive(f.request({ protocol: 'udp' }));
    router.passTicks(TIMEOUT - 1);
    router.receive(f.request({ protocol: 'udp' }));
    router.receiveReply(f.reply({ protocol: 'udp' }));
    router.passTicks(2);
    expect(datagram()).toBe('1');
  });

  test('is the one the service had when the entry was made', () => {
    expect(datagram()).toBe('2');
    persistent({ protocol: 'udp', persistence: { ticks: 5 } }).delete();
    expect(entry().timeout).toBe(TIMEOUT);
  });

  test('is the service’s of now for an entry that serves again', () => {
    expect(datagram()).toBe('2');
    router.passTicks(TIMEOUT + 1);
    const [[key, service] = []] = [...router.tables.services.entries()];
    router.tables.services.set(key as never, { ...(service as abi.Service), persistenceTicks: 5 });
    expect(datagram()).toBe('1');
    expect(entry()).toMatchObject({ timeout: 5, lastUsed: router.now });
  });
});

test('an entry that serves again is not assured by those it served before', () => {
  persistent({ protocol: 'udp' });
  const f = frames({ client: at(CLIENT, freshPort()), server: SERVER_2 });
  router.receive(f.request({ protocol: 'udp' }));
  router.receiveReply(f.reply({ protocol: 'udp' }));
  expect(entry().assured).toBe(1);
  router.passTicks(TIMEOUT + 1);
  expect(datagram()).toBe('1');
  expect(entry().assured).toBe(0);
});

describe('active connections', () => {
  const f = frames({ client: at(CLIENT, 5) });
  beforeEach(() => {
    persistent();
    router.set({ timeouts: router.settings.timeouts.map(() => 1_000_000) });
    router.receive(f.request({ flags: 'S' }));
    router.receive(f.request());
  });

  test('hold the entry past its timeout', () => {
    router.passTicks(10 * TIMEOUT);
    expect(again(CLIENT)).toBe('2');
  });

  test('re-arm it by its own timeout: it ends when its time is up after the last one closed', () => {
    router.passTicks(TIMEOUT + TIMEOUT / 2);
    router.receive(f.request({ flags: 'R' }));
    expect(entry().active).toBe(0);
    expect(entry().lastUsed).toBe(router.now - TIMEOUT / 2);
    router.passTicks(TIMEOUT / 2 + 1);
    expect(again(CLIENT)).toBe('1');
  });

  test('and until then it lives', () => {
    router.passTicks(TIMEOUT + TIMEOUT / 2);
    router.receive(f.request({ flags: 'R' }));
    router.passTicks(TIMEOUT / 2);
    expect(again(CLIENT)).toBe('2');
  });

  test('are counted: a closing one does not hold it', () => {
    again(CLIENT);
    expect(entry().active).toBe(2);
    router.receive(f.request({ flags: 'F' }));
    expect(entry().active).toBe(1);
  });

  test('a connection that becomes active again is counted again', () => {
    router.receive(f.request({ flags: 'F' }));
    expect(entry().active).toBe(0);
    router.receive(f.request({ flags: 'S' }));
    expect(entry().active).toBe(1);
  });

  test('that expire let go of it', () => {
    router.set({ timeouts: router.settings.timeouts.map(() => 10) });
    router.passTicks(30);
    router.receive(f.request());
    expect(entry().active).toBe(0);
  });
});

test('when the table is full, clients are served without persistence, and it is counted', () => {
  persistent();
  const { capacity } = router.tables.persistence;
  const filler = { server: 1, timeout: TIMEOUT, lastUsed: router.now, active: 0, assured: 1 };
  const keys = Array.from({ length: capacity }, (_, i) => ({ client: { word: [i + 1, 0, 0, 0] }, service: 999 }));
  router.tables.persistence.setMany(keys.map((key) => [key, filler] as const));
  expect([again(CLIENT), again(CLIENT)]).toEqual(['2', '1']);
  expect(router.happened('persistence_full')).toBe(2);
  const halves = [...router.tables.connections.values()];
  expect(halves.map(({ prefix }) => prefix)).toEqual([0, 0, 0, 0]);
});

test('a connection lets go of no entry that was made after its own', () => {
  persistent();
  const f = frames({ server: SERVER_2 });
  router.receive(f.request({ flags: 'S' }));
  const { key, ...value } = entry();
  router.tables.persistence.set(key, { ...value, active: 0 });
  router.receive(f.request({ flags: 'R' }));
  router.receiveReply(f.reply({ flags: 'R' }));
  expect(entry().active).toBe(0);
});
