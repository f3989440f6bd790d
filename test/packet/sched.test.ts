// SPDX-License-Identifier: MIT
// bpf/sched.h: what all schedulers have in common. Each one's own order is in the file of its name.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type * as abi from '../../src/abi/index.ts';
import { frames } from './conversation.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { answered } from './outcome.ts';
import { at, CLIENT, SERVER_1, SERVER_2, SERVER_3, VIP } from './roles.ts';
import { Router } from './router.ts';
import { choices, chosen } from './scheduling.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const weighted = (...weights: number[]) =>
  [SERVER_1, SERVER_2, SERVER_3].map((server, i) => ({ at: server, weight: weights[i] ?? 1 }));

test('without a scheduler nobody is chosen, and the client is told', () => {
  router.addService({ scheduler: 'none', servers: weighted(1, 1, 1) });
  const frame = frames().request({ flags: 'S' });
  expect(router.receive(frame)).toEqual(answered('no_server', answerTo(frame, CLIENT, VIP, ICMP.portUnreachable)));
});

describe.each(['rr', 'wrr', 'lc', 'wlc', 'dh', 'sh', 'mh', 'sed', 'nq', 'fo', 'twos'] as const)('%s', (scheduler) => {
  test('without servers refuses', () => {
    router.addService({ scheduler });
    expect(chosen(router, CLIENT)).toBe('none');
  });

  test('with all weights 0 refuses, and says so', () => {
    router.addService({ scheduler, servers: weighted(0, 0, 0) });
    const frame = frames().request({ flags: 'S' });
    expect(router.receive(frame)).toEqual(answered('no_server', answerTo(frame, CLIENT, VIP, ICMP.portUnreachable)));
  });

  test('with one server takes it every time', () => {
    router.addService({ scheduler, servers: [SERVER_2] });
    expect(choices(router, 5)).toBe('2 2 2 2 2');
  });

  test('never takes a server of weight 0', () => {
    router.addService({ scheduler, servers: weighted(1, 0, 0) });
    expect(choices(router, 20)).not.toMatch(/[23]/);
  });

  test('takes no removed server', () => {
    const service = router.addService({ scheduler, servers: weighted(1, 1) });
    service.remove(SERVER_3);
    service.remove(SERVER_2);
    expect(choices(router, 5)).toBe('1 1 1 1 1');
  });

  test('leaves existing connections where they are', () => {
    const service = router.addService({ scheduler, servers: [SERVER_1] });
    chosen(router, at(CLIENT, 7));
    service.setWeight(SERVER_1, 0);
    expect(router.receive(frames({ client: at(CLIENT, 7) }).request()).action).toBe('forwarded');
  });
});

test('a scheduler that the data plane does not know refuses', () => {
  router.addService({ scheduler: 'rr', servers: weighted() });
  const [[key, service] = []] = [...router.tables.services.entries()];
  router.tables.services.set(key as never, { ...(service as abi.Service), scheduler: 99 });
  expect(chosen(router, CLIENT)).toBe('none');
});

test('two services of the same servers do not share their place in the list', () => {
  router.addService({ scheduler: 'rr', servers: [SERVER_1, SERVER_2] });
  const other = { address: '192.0.2.11', port: 80 };
  router.addService({ at: other, scheduler: 'rr', servers: [SERVER_1, SERVER_2] });
  expect(choices(router, 1)).toBe('2');
  expect(choices(router, 2, other)).toBe('2 1');
  expect(choices(router, 1)).toBe('1');
});
