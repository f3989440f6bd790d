// SPDX-License-Identifier: MIT
// bpf/sched_lblc.h: a destination keeps its server until that is busy while another idles.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { setMarks } from './mark-fixture.ts';
import { at, CLIENT, SERVER_1, SERVER_2, SERVER_3, VIP } from './roles.ts';
import { Router, ticks } from './router.ts';
import { choices, chosen } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const weighted = (weights: readonly number[]) =>
  weights.map((weight, i) => ({ at: [SERVER_1, SERVER_2, SERVER_3][i] ?? SERVER_1, weight }));
const OTHER_VIP = { address: '192.0.2.11', port: 80 };

describe('one destination', () => {
  test('stays with its server up to one connection more than its weight, then goes to an idle one', () => {
    router.addService({ scheduler: 'lblc', servers: weighted([2, 2]) });
    expect(choices(router, 9)).toBe('2 2 2 1 1 1 1 1 1');
  });

  test('stays where nobody idles', () => {
    router.addService({ scheduler: 'lblc', servers: weighted([1, 1]) });
    expect(choices(router, 2)).toBe('2 2');
    expect(choices(router, 6)).toBe('1 1 1 1 1 1');
  });

  test('leaves a server of weight 0, and one that is removed', () => {
    const service = router.addService({ scheduler: 'lblc', servers: weighted([9, 9, 9]) });
    expect(choices(router, 2)).toBe('3 3');
    service.setWeight(SERVER_3, 0);
    expect(choices(router, 2)).toBe('2 2');
    service.remove(SERVER_2);
    expect(choices(router, 2)).toBe('1 1');
  });

  test('keeps a server over its threshold, which no other may join', () => {
    const servers = weighted([9, 9]).map((server) => ({ ...server, upper: 1 }));
    router.addService({ scheduler: 'lblc', servers });
    expect(choices(router, 3)).toBe('2 2 2');
  });

  test('is forgotten lblc_expiration after its last use', () => {
    router.addService({ scheduler: 'lblc', servers: weighted([9, 9]) });
    router.set({ lblcExpiration: ticks(50) });
    expect(chosen(router, CLIENT)).toBe('2');
    router.pass(40);
    expect(choices(router, 1)).toBe('2');
    router.pass(40);
    expect(choices(router, 1)).toBe('2');
    router.pass(60);
    expect(choices(router, 1), 'wlc’s choice').toBe('1');
  });

  test('is refused where all weights are 0', () => {
    router.addService({ scheduler: 'lblc', servers: weighted([0, 0]) });
    expect(chosen(router, CLIENT)).toBe('none');
  });
});

test('destinations of one mark have a server each; services do not share them', () => {
  setMarks(router, [
    { mark: 1, protocol: 'tcp', address: '192.0.2.10/32', ports: [{ first: 80, last: 80 }] },
    { mark: 1, protocol: 'tcp', address: '192.0.2.11/32', ports: [{ first: 80, last: 80 }] },
  ]);
  router.addService({ mark: 1, scheduler: 'lblc', servers: weighted([9, 9, 9]) });
  router.addService({ at: at(VIP, 81), scheduler: 'lblc', servers: [SERVER_1] });
  expect(choices(router, 2, VIP)).toBe('3 3');
  expect(choices(router, 2, OTHER_VIP)).toBe('2 2');
  expect(choices(router, 1, at(VIP, 81))).toBe('1');
  expect(choices(router, 2, VIP)).toBe('3 3');
});
