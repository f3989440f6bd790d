// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type * as abi from '../../../src/abi/index.ts';
import { overloadRoundAfter, overloadRoundBehind } from '../../../src/dataplane/overload.ts';

const ROUND = 5;

/** A server of so many connections, with an upper threshold of 8. */
const slot = (connections: number, isOverloaded: boolean, round = ROUND) => ({
  slot: 1,
  record: { upperThreshold: 8, lowerThreshold: 0, overloadRound: round } as abi.Server,
  load: { active: connections, inactive: 0, overloaded: isOverloaded ? round : round - 1, reserved: 0 },
});

describe('after an edit a server is overloaded', () => {
  test.each([
    ['at a new upper threshold', 6, false, 6, 0, true],
    ['above it', 7, false, 6, 0, true],
    ['below it, if it was', 8, true, 10, 0, true],
    ['below it, if it was not', 7, false, 9, 0, false],
    ['below three quarters of it', 8, true, 12, 0, false],
    ['below the lower one', 8, true, 12, 9, false],
    ['at the lower one, if it was', 8, true, 12, 8, true],
    ['without thresholds', 8, true, 0, 0, false],
    ['with the same ones, if it was', 1, true, 8, 0, true],
    ['with the same ones, if it was not', 8, false, 8, 0, false],
  ])('%s', (_, connections, was, upperThreshold, lowerThreshold, expected) => {
    const edited = slot(connections, was);
    expect(overloadRoundAfter(edited, { upperThreshold, lowerThreshold }) === edited.load.overloaded).toBe(expected);
  });
});

test('a limit where there was none does not find a server overloaded', () => {
  const edited = slot(1, true);
  expect(
    overloadRoundAfter(
      { ...edited, record: { ...edited.record, upperThreshold: 0 } },
      { upperThreshold: 8, lowerThreshold: 1 },
    ),
  ).not.toBe(edited.load.overloaded);
});

test('rounds go on after the highest number', () => {
  const edited = slot(8, true, 0xffffffff);
  expect(overloadRoundAfter(edited, { upperThreshold: 0 })).toBe(0);
  expect(overloadRoundBehind(edited)).toBe(1);
  expect(overloadRoundBehind(undefined)).toBe(1);
});
