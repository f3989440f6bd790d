// SPDX-License-Identifier: MIT
// bpf/persistence.h: what becomes of a client whose server is quiesced, removed or another's by now.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type * as abi from '../../src/abi/index.ts';
import { at, CLIENT, type Endpoint, OTHER_CLIENT, SERVER_1, SERVER_2 } from './roles.ts';
import { Router } from './router.ts';
import { chosen, freshPort } from './scheduling.ts';

const servers = [SERVER_1, SERVER_2];
const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const persistent = () => router.addService({ scheduler: 'rr', persistence: { ticks: 1000 }, servers });
const again = (who: Endpoint): string => chosen(router, at(who, freshPort()));

describe('servers that come and go', () => {
  test('a slot that has become another service’s is no server of the entry’s', () => {
    const service = persistent();
    expect(again(CLIENT)).toBe('2');
    const slot = service.slot(SERVER_2);
    const record = router.tables.servers.get(slot) as abi.Server;
    router.tables.servers.set(slot, { ...record, service: service.id + 1 });
    expect([again(CLIENT), again(CLIENT)]).toEqual(['1', '1']);
  });

  test('a quiesced server keeps the clients it has and gets no others', () => {
    const service = persistent();
    expect(again(CLIENT)).toBe('2');
    service.setWeight(SERVER_2, 0);
    expect([again(CLIENT), again(OTHER_CLIENT), again(CLIENT)]).toEqual(['2', '1', '2']);
  });

  test('with expire_quiescent_template its clients are scheduled anew and stay there', () => {
    router.set({ expireQuiescentTemplate: 1 });
    const service = persistent();
    expect(again(CLIENT)).toBe('2');
    service.setWeight(SERVER_2, 0);
    expect([again(CLIENT), again(CLIENT)]).toEqual(['1', '1']);
    service.setWeight(SERVER_2, 1);
    expect(again(CLIENT)).toBe('1');
  });

  test('a removed server’s clients are scheduled anew and stay there', () => {
    const service = persistent();
    expect(again(CLIENT)).toBe('2');
    const restore = service.remove(SERVER_2);
    expect([again(CLIENT), again(CLIENT)]).toEqual(['1', '1']);
    restore();
    expect(again(CLIENT)).toBe('1');
    expect(router.happened('persistence_created')).toBe(1);
  });

  test('without any server left the client is refused; the entry waits', () => {
    const service = persistent();
    expect(again(CLIENT)).toBe('2');
    const restore = service.remove(SERVER_2);
    service.setWeight(SERVER_1, 0);
    expect(again(CLIENT)).toBe('none');
    restore();
    expect(again(CLIENT)).toBe('2');
  });

  test('all weights 0: the client with an entry is served, the one without refused', () => {
    const service = persistent();
    expect(again(CLIENT)).toBe('2');
    for (const server of servers) service.setWeight(server, 0);
    expect([again(CLIENT), again(OTHER_CLIENT)]).toEqual(['2', 'none']);
  });
});
