// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { payload, payloadSha256 } from '../../../src/lab/payload.ts';

describe('payload', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 1_000_000])('is exactly %i bytes', (size) => {
    expect(Buffer.concat([...payload(size)])).toHaveLength(size);
  });

  test('is the same every time, and a longer one begins with a shorter one', () => {
    const long = Buffer.concat([...payload(200_000)]);
    expect(Buffer.concat([...payload(70_000)])).toEqual(long.subarray(0, 70_000));
  });

  test('is hashed as its bytes are', () => {
    const bytes = Buffer.concat([...payload(100_000)]);
    expect(payloadSha256(100_000)).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('does not repeat within a packet’s length', () => {
    const bytes = Buffer.concat([...payload(3_000)]);
    expect(bytes.subarray(0, 1_500)).not.toEqual(bytes.subarray(1_500));
  });
});
