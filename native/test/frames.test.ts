// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, test } from 'vitest';
import { sendFrame } from '../lib/index.ts';
import { frame } from './bytes.ts';
import { scenario } from './lab.ts';
import type { Facts } from './scenario/frames.ts';

let facts: Facts;
beforeAll(() => {
  facts = scenario<Facts>('frames');
});

describe('a live test run', () => {
  test('transmits every frame, which the other end of the wire gets', () => {
    expect(facts.decided).toBe(1000);
    expect(facts.arrived).toBeGreaterThanOrEqual(1000);
  });

  test('returns no data', () => {
    expect(facts.run).toEqual({ dataLength: 0, contextLength: 0 });
  });
});

describe('sendFrame', () => {
  test('sends a frame out of a device', () => {
    expect(facts.sent).toBeGreaterThanOrEqual(1);
  });

  test('fails without the device', () => {
    expect(['ENXIO', 'ENODEV']).toContain(facts.toNowhere);
  });

  test('refuses what is no frame', () => {
    expect(() => sendFrame(1, frame(14).subarray(1))).toThrow(
      new RangeError('frame must be at least 14 bytes, got 13'),
    );
    expect(() => sendFrame(-1, frame(60))).toThrow('ifindex must be an integer from 0 to 2147483647, got -1');
  });
});
