// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { startTimer } from '../../../src/dataplane/objects.ts';

const returning = (returnValue: number) => ({ program: () => ({ testRun: () => ({ returnValue }) }) });
const ABORTED = 0;
const PASS = 2;

test('a timer that does not start is told by its family, with the cure', () => {
  expect(() => startTimer(returning(PASS), 'IPv6')).not.toThrow();
  expect(() => startTimer(returning(ABORTED), 'IPv6')).toThrow(
    expect.objectContaining({
      line: 'the kernel did not start the timer that expires IPv6 connections; xlvs needs kernel 6.1 or newer; on one, run `xlvs down` and start again',
    }),
  );
});
