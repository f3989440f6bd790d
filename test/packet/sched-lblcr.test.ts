// SPDX-License-Identifier: MIT
// bpf/sched_lblcr.h: a destination has as many servers as it needs; against its definition in plain words.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { random } from './random.ts';
import { CLIENT, type Endpoint, SERVER_1 } from './roles.ts';
import { Router, ticks } from './router.ts';
import { choices, chosen, loads } from './scheduling.ts';
import type { ServiceFixture } from './service-fixture.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const server = (n: number): Endpoint => ({ ...SERVER_1, address: `10.0.0.${n}` });
const weighted = (weights: readonly number[]) => weights.map((weight, i) => ({ at: server(i + 1), weight }));

/** The destination's servers, the one that joined last at the end. */
function members(service: ServiceFixture, count: number): number[] {
  const numbers = Array.from({ length: count }, (_, i) => i + 1).filter((n) => service.has(server(n)));
  const bySlot = new Map(numbers.map((n) => [service.slot(server(n)), n]));
  const [locality] = [...router.tables.localities.values()];
  return (locality?.servers.slice(0, locality.count) ?? []).map((slot) => bySlot.get(slot) ?? 0);
}

test('a second server joins when the first is busy, and the load is shared', () => {
  const service = router.addService({ scheduler: 'lblcr', servers: weighted([2, 2, 2]) });
  expect(choices(router, 3)).toBe('3 3 3');
  expect(choices(router, 3)).toBe('2 2 2');
  expect(choices(router, 3)).toBe('1 1 1');
  expect(members(service, 3)).toEqual([3, 2, 1]);
  expect(choices(router, 6), 'least loaded of the three, the last to join first').toBe('1 2 3 1 2 3');
});

test('the most loaded leaves after lblcr_expiration without a change', () => {
  const service = router.addService({ scheduler: 'lblcr', servers: weighted([2, 2]) });
  router.set({ lblcrExpiration: ticks(50) });
  expect(choices(router, 5)).toBe('2 2 2 1 1');
  router.pass(30);
  choices(router, 1);
  expect(members(service, 2)).toEqual([2, 1]);
  loads(router, service, [
    [server(1), 1, 0],
    [server(2), 2, 0],
  ]);
  router.pass(30);
  choices(router, 1);
  expect(members(service, 2)).toEqual([1]);
  router.pass(30);
  choices(router, 1);
  expect(members(service, 2), 'never below one').toEqual([1]);
});

test('is forgotten lblcr_expiration after its last use', () => {
  const service = router.addService({ scheduler: 'lblcr', servers: weighted([2, 2]) });
  router.set({ lblcrExpiration: ticks(50) });
  choices(router, 4);
  expect(members(service, 2)).toEqual([2, 1]);
  router.pass(60);
  choices(router, 1);
  expect(members(service, 2)).toHaveLength(1);
});

test('is refused where all weights are 0', () => {
  router.addService({ scheduler: 'lblcr', servers: weighted([0, 0]) });
  expect(chosen(router, CLIENT)).toBe('none');
});

test('no more servers than there is room for', () => {
  const all = Array.from({ length: 40 }, (_, i) => i + 1);
  for (const n of all) router.route(server(n), { device: 12 });
  const service = router.addService({ scheduler: 'lblcr', servers: weighted(all.map(() => 1)) });
  choices(router, 120);
  expect(members(service, 40)).toHaveLength(32);
  expect(new Set(members(service, 40)).size).toBe(32);
});

interface Reference {
  weights: number[];
  active: number[];
  removed: Set<number>;
  set: number[];
  modified: number;
}

const overhead = ({ active }: Reference, n: number): bigint => BigInt(active[n] ?? 0) * 257n;
const weight = ({ weights, removed }: Reference, n: number): bigint => BigInt(removed.has(n) ? 0 : (weights[n] ?? 0));

/** The first of the candidates that nobody beats: `sign` 1 least, -1 most loaded for its weight. */
function extreme(r: Reference, candidates: readonly number[], sign: 1n | -1n): number | undefined {
  let best: number | undefined;
  for (const n of candidates.filter((one) => weight(r, one) > 0n)) {
    if (best === undefined) best = n;
    else if (sign * (overhead(r, best) * weight(r, n) - overhead(r, n) * weight(r, best)) > 0n) best = n;
  }
  return best;
}

const newestFirst = (r: Reference): number[] => [...r.weights.keys()].filter((n) => !r.removed.has(n)).reverse();

function isBusy(r: Reference, n: number): boolean {
  if (BigInt(r.active[n] ?? 0) <= weight(r, n)) return false;
  return newestFirst(r).some((other) => BigInt(2 * (r.active[other] ?? 0)) < weight(r, other));
}

function choose(r: Reference, now: number, life: number): number | undefined {
  const candidates = [...r.set].reverse();
  const least = extreme(r, candidates, 1n);
  if (r.set.length > 1 && now - r.modified > life) {
    const gone = candidates.find((n) => weight(r, n) === 0n);
    const most = gone ?? extreme(r, candidates, -1n);
    r.set = r.set.filter((n) => n !== most);
    r.modified = now;
  }
  if (least !== undefined && !isBusy(r, least)) return least;
  const pick = extreme(r, newestFirst(r), 1n);
  if (pick === undefined || r.set.includes(pick)) return pick;
  r.set.push(pick);
  r.modified = now;
  return pick;
}

test.each([1, 2, 3, 4, 5, 6])('any mixture of loads, weights and time: seed %i', (seed) => {
  const r = random(seed);
  const count = 2 + r.below(6);
  const reference: Reference = {
    weights: Array.from({ length: count }, () => r.below(5)),
    active: Array(count).fill(0),
    removed: new Set(),
    set: [],
    modified: 0,
  };
  for (let n = 1; n <= count; n++) router.route(server(n), { device: 12 });
  const service = router.addService({ scheduler: 'lblcr', servers: weighted(reference.weights) });
  const life = ticks(20);
  router.set({ lblcrExpiration: life });
  for (let i = 0; i < 400; i++) {
    if (r.oneIn(3)) {
      reference.active = reference.active.map((active) => (r.oneIn(2) ? r.below(8) : active));
      loads(
        router,
        service,
        reference.active.map((active, n) => [server(n + 1), active, 0]),
      );
    }
    if (r.oneIn(10)) {
      const n = r.below(count);
      reference.weights[n] = r.below(5);
      service.setWeight(server(n + 1), reference.weights[n] ?? 0);
    }
    if (r.oneIn(4)) router.pass(r.below(19));
    const expected = choose(reference, router.now, life);
    if (expected !== undefined) reference.active[expected] = (reference.active[expected] ?? 0) + 1;
    const seen = choices(router, 1);
    expect(seen, `connection ${i}`).toBe(expected === undefined ? 'none' : String(expected + 1));
    expect(members(service, count), `after connection ${i}`).toEqual(reference.set.map((n) => n + 1));
  }
});
