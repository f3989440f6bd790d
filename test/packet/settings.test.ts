// SPDX-License-Identifier: MIT
// bpf/settings.h: the route generation is made of user space's half and the timer's, and the timer's is each family's own.
import { beforeEach, describe, expect, test } from 'vitest';
import type * as abi from '../../src/abi/index.ts';
import { freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { EPOCH } from './family.ts';
import { SERVER_1 } from './roles.ts';

const router = freshRouter();
const f = frames();
const OTHER_FAMILY = 1 - EPOCH;
const { epochs } = router.tables;
const ageOf = (epoch: number): number => epochs.get(epoch)?.age ?? 0;
const setAge = (epoch: number, age: number): void => epochs.set(epoch, { ...(epochs.get(epoch) as abi.Epoch), age });

/** How often the kernel is asked when one more packet comes each way. */
function asks(): number {
  const before = router.question.asked;
  router.receive(f.request());
  router.receiveReply(f.reply());
  return router.question.asked - before;
}

beforeEach(() => {
  router.addService({ servers: [SERVER_1] });
  router.receive(f.request(syn));
});

describe('next hops are asked for again', () => {
  test('when user space raises its half, once', () => {
    router.announceChange();
    expect([asks(), asks()]).toEqual([2, 0]);
  });

  test('when the timer raises its half, once', () => {
    setAge(EPOCH, 1);
    expect([asks(), asks()]).toEqual([2, 0]);
  });

  test('not when the other family’s timer does', () => {
    setAge(OTHER_FAMILY, 1);
    expect(asks()).toBe(0);
  });
});

test('a timer raises its own family’s half', () => {
  router.pass(31);
  router.run('age_routes');
  expect([ageOf(EPOCH), ageOf(OTHER_FAMILY)]).toEqual([1, 0]);
});
