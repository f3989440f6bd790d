// SPDX-License-Identifier: MIT
// bpf/threshold.h: when a server is overloaded, when not any more, and who passes it by.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { SCHEDULERS } from '../../src/model/model.ts';
import { frames } from './conversation.ts';
import { at, CLIENT, SERVER_1, SERVER_2, SERVER_3, VIP } from './roles.ts';
import { Router } from './router.ts';
import { choices, chosen, freshPort } from './scheduling.ts';

const LOCALITY = ['lblc', 'lblcr'];
const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const client = () => ({ ...CLIENT, port: freshPort() });

/** Connections of one server that end when the test says so. */
function open(count: number) {
  const all = Array.from({ length: count }, () => frames({ client: client(), server: SERVER_1 }));
  for (const f of all) expect(router.receive(f.request({ flags: 'S' })).action).toBe('forwarded');
  return all;
}

/** By the timer: 10 s after it was reset. */
function end(connections: readonly ReturnType<typeof frames>[]): void {
  for (const f of connections) {
    router.receive(f.request());
    router.receive(f.request({ flags: 'R' }));
  }
  router.pass(12);
  router.run('expire');
}

describe('a server with an upper threshold', () => {
  test('takes so many connections and no more; the closing ones count', () => {
    router.addService({ scheduler: 'rr', servers: [{ at: SERVER_1, upper: 3 }] });
    const [first] = open(3);
    expect(chosen(router, client())).toBe('none');
    router.receive((first as ReturnType<typeof frames>).request());
    router.receive((first as ReturnType<typeof frames>).request({ flags: 'R' }));
    expect(chosen(router, client())).toBe('none');
  });

  test('is left out while others take what comes', () => {
    router.addService({ scheduler: 'rr', servers: [{ at: SERVER_1, upper: 2 }, SERVER_2] });
    expect(choices(router, 8)).toBe('2 1 2 1 2 2 2 2');
  });

  test.each([
    [8, 0, 6],
    [5, 0, 4],
    [4, 0, 3],
    [3, 0, 3],
    [1, 0, 1],
    [8, 3, 3],
    [8, 8, 8],
    [8, 1, 1],
  ])('upper %i, lower %i: takes some again below %i', (upper, lower, floor) => {
    router.addService({ scheduler: 'rr', servers: [{ at: SERVER_1, upper, lower }] });
    const connections = open(upper);
    end(connections.splice(floor)); // exactly `floor` are left
    for (const f of connections) router.receive(f.request()); // established, to outlive the others
    if (floor < upper) expect(chosen(router, client())).toBe('none');
    end(connections.splice(0, 1));
    expect(chosen(router, client())).toBe('1');
  });

  test('takes connections that persistence brings', () => {
    router.addService({ scheduler: 'rr', servers: [{ at: SERVER_1, upper: 1 }], persistence: { ticks: 1000 } });
    expect(choices(router, 3)).toBe('1 1 1');
    expect(chosen(router, { address: '203.0.113.9', port: 40000 })).toBe('none');
  });
});

test('a connection that could not be made does not fill its server', () => {
  const servers = [{ at: SERVER_1, upper: 2 }];
  router.addService({ scheduler: 'rr', servers });
  router.addService({ at: at(VIP, 81), scheduler: 'rr', servers: [SERVER_1] });
  const other = { ...CLIENT, port: freshPort() };
  expect(chosen(router, other, at(VIP, 81))).toBe('1');
  expect(chosen(router, client())).toBe('1');
  expect(chosen(router, other)).toBe('dropped: tuple_in_use');
  expect(chosen(router, client())).toBe('1');
});

describe('an edit', () => {
  test.each([
    ['a higher limit', { upper: 4 }, '1'],
    ['no limit', { upper: 0 }, '1'],
    ['another weight', { weight: 7 }, 'none'],
    ['a lower limit', { upper: 1 }, 'none'],
  ])('%s', (_, edit, expected) => {
    const service = router.addService({ scheduler: 'rr', servers: [{ at: SERVER_1, upper: 2 }] });
    open(2);
    expect(chosen(router, client())).toBe('none');
    service.edit(SERVER_1, edit);
    expect(chosen(router, client())).toBe(expected);
  });

  test('a limit at what is there or below holds at once', () => {
    const service = router.addService({ scheduler: 'rr', servers: [SERVER_1] });
    const connections = open(5);
    service.edit(SERVER_1, { upper: 5 });
    expect(chosen(router, client())).toBe('none');
    for (const f of connections.slice(2)) router.receive(f.request());
    end(connections.slice(0, 2));
    expect(chosen(router, client())).toBe('1');
  });

  test('is forgotten with the last connection', () => {
    const service = router.addService({ scheduler: 'rr', servers: [{ at: SERVER_1, upper: 1 }] });
    const first = open(1);
    service.edit(SERVER_1, { upper: 3 });
    const others = open(2);
    expect(chosen(router, client())).toBe('none');
    end([...first, ...others]);
    expect(router.tables.serverLoads.get(service.slot(SERVER_1))).toMatchObject({ active: 0, overloaded: 0 });
  });

  test('a higher limit does not free a server that is above the lower one', () => {
    const service = router.addService({ scheduler: 'rr', servers: [{ at: SERVER_1, upper: 8 }] });
    open(8);
    service.edit(SERVER_1, { upper: 9 });
    expect(chosen(router, client())).toBe('none');
    service.edit(SERVER_1, { lower: 9 });
    expect(chosen(router, client())).toBe('1');
  });
});

describe('every scheduler', () => {
  test.each(SCHEDULERS.filter((name) => ![...LOCALITY, 'none'].includes(name)))(
    '%s refuses when all are overloaded',
    (scheduler) => {
      const servers = [SERVER_1, SERVER_2, SERVER_3].map((server) => ({ at: server, weight: 9, upper: 1 }));
      const service = router.addService({ scheduler, servers });
      // hashing and chance may need a few tries to fill all three
      for (let i = 1; i < 100; i++) {
        const address = `203.0.113.${i}`;
        router.route({ address, port: 0 });
        chosen(router, { address, port: freshPort() });
      }
      const total = [SERVER_1, SERVER_2, SERVER_3].map((server) => service.load(server)?.active ?? 0);
      expect(Math.max(...total)).toBe(1);
      const full = [SERVER_1, SERVER_2, SERVER_3].filter((_, i) => total[i] === 1);
      expect(full.length, 'dh knows one address').toBe(scheduler === 'dh' ? 1 : 3);
      expect(chosen(router, client())).toBe('none');
    },
  );

  test.each(['sh', 'mh'] as const)('%s with its fallback gives to the others', (scheduler) => {
    const servers = [SERVER_1, SERVER_2, SERVER_3].map((server) => ({ at: server, upper: 2 }));
    router.addService({ scheduler, servers, flags: [`${scheduler}-fallback`] });
    expect(choices(router, 7).split(' ').sort().join(' ')).toBe('1 1 2 2 3 3 none');
  });
});

describe('wrr', () => {
  test('while the heaviest is overloaded the others keep their turns', () => {
    router.addService({
      scheduler: 'wrr',
      servers: [
        { at: SERVER_1, weight: 1 },
        { at: SERVER_2, weight: 2 },
        { at: SERVER_3, weight: 1000, upper: 1 },
      ],
    });
    expect(choices(router, 1)).toBe('3');
    expect(choices(router, 9)).toBe('2 1 2 2 1 2 2 1 2');
  });

  test('goes on as before when the heaviest takes some again', () => {
    const service = router.addService({
      scheduler: 'wrr',
      servers: [
        { at: SERVER_1, weight: 1 },
        { at: SERVER_2, weight: 3, upper: 1 },
      ],
    });
    expect(choices(router, 4)).toBe('2 1 1 1');
    service.edit(SERVER_2, { upper: 0 });
    expect(choices(router, 8)).toBe('2 2 2 1 2 2 2 1');
  });

  test('all overloaded: the next round begins at the head', () => {
    const servers = [SERVER_1, SERVER_2].map((server) => ({ at: server, weight: 2, upper: 1 }));
    const service = router.addService({ scheduler: 'wrr', servers });
    expect(choices(router, 4)).toBe('2 1 none none');
    service.edit(SERVER_1, { upper: 0 });
    service.edit(SERVER_2, { upper: 0 });
    expect(choices(router, 4)).toBe('2 1 2 1');
  });
});

test('a slot’s next server does not inherit an overload', () => {
  const service = router.addService({ scheduler: 'rr', servers: [{ at: SERVER_1, upper: 1 }] });
  router.tables.serverLoads.set(service.slot(SERVER_1), { active: 0, inactive: 0, overloaded: 1, reserved: 0 });
  expect(chosen(router, client(), at(VIP, VIP.port))).toBe('1');
});
