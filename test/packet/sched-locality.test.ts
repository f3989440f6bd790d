// SPDX-License-Identifier: MIT
// bpf/sched_locality.h: what lblc and lblcr remember of a destination, for how long, and when its server counts as busy.
import { describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { freshRouter } from './conntrack-fixture.ts';
import { wideAddress } from './family.ts';
import { at, SERVER_1, SERVER_2, VIP } from './roles.ts';
import { choices, loads } from './scheduling.ts';

const router = freshRouter();
const EXPIRATION = 100;

describe.each(['lblc', 'lblcr'] as const)('%s', (scheduler) => {
  const serve = (weights: readonly [number, number] = [9, 9], vip = VIP) => {
    router.set({ lblcExpiration: EXPIRATION, lblcrExpiration: EXPIRATION });
    const servers = [SERVER_1, SERVER_2].map((server, i) => ({ at: server, weight: weights[i] ?? 1 }));
    return router.addService({ scheduler, at: vip, servers });
  };

  test('an entry is of a destination and a service, and names the server', () => {
    const [service, other] = [serve(), serve([9, 9], at(VIP, 81))];
    expect([choices(router, 2), choices(router, 2, at(VIP, 81))]).toEqual(['2 2', '2 2']);
    const entries = [...router.tables.localities.entries()].map(
      ([{ service: id, destination }, { count, servers }]) => ({
        id,
        destination,
        servers: servers.slice(0, count),
      }),
    );
    const destination = wideAddress(VIP.address);
    const expected = [service, other].map((one) => ({ id: one.id, destination, servers: [one.slot(SERVER_2)] }));
    expect(entries.sort((a, b) => a.id - b.id)).toEqual(expected);
  });

  test('lasts for its time behind its last use, to the tick', () => {
    serve();
    expect(choices(router, 1)).toBe('2');
    for (let i = 0; i < 3; i++) {
      router.passTicks(EXPIRATION);
      expect(choices(router, 1)).toBe('2');
    }
    router.passTicks(EXPIRATION + 1);
    expect(choices(router, 1), 'wlc’s choice').toBe('1');
  });

  test.each([
    ['another service has', (service: number) => ({ service: service + 1 })],
    ['was removed', () => ({ status: abi.ServerStatus.REMOVED })],
    ['is quiesced', () => ({ weight: 0 })],
  ])('a server that %s is not remembered', (_, change) => {
    const service = serve();
    expect(choices(router, 2)).toBe('2 2');
    const slot = service.slot(SERVER_2);
    const record = router.tables.servers.get(slot) as abi.Server;
    router.tables.servers.set(slot, { ...record, ...change(service.id) });
    expect(choices(router, 1), 'wlc’s choice').toBe('1');
  });

  test.each([
    ['has as many connections as weight', 1, 0, '2'],
    ['has more, and another is idle', 2, 0, '1'],
    ['has more, and another has not half of its weight', 2, 1, '1'],
    ['has more, and another has half of its weight', 3, 2, '2'],
  ])('a server that %s: %i against %i', (_, own, other, next) => {
    const service = serve([4, 1]);
    expect(choices(router, 1)).toBe('2');
    loads(router, service, [
      [SERVER_1, other, 0],
      [SERVER_2, own, 0],
    ]);
    expect(choices(router, 1)).toBe(next);
  });
});
