// SPDX-License-Identifier: MIT
// bpf/crc32c.h: what a CRC changes by, for every length a packet can have.
import { afterAll, expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';
import { Router } from './router.ts';

const router = Router.open();
afterAll(() => router.close());

test('the CRC that tests compute is CRC32c', () => {
  expect(crc32c(new TextEncoder().encode('123456789')).toString(16)).toBe('e3069283');
});

/** One more byte of zero behind a message. */
function longer(crc: number): number {
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
}

test.each([0x00000001, 0x80000000, 0xd21f0000, 0x0000901f, 0xffffffff])(
  'difference %i: right for every length',
  (difference) => {
    const frame = new Uint8Array(64);
    new DataView(frame.buffer).setUint32(0, difference, true);
    router.run('crc32c_sweep', frame);
    const got = [...router.tables.crc32cs.entries()];
    expect(got).toHaveLength(65_536);
    let wanted = difference;
    const wrong: number[] = [];
    for (const [length, crc] of got) {
      if (crc !== wanted) wrong.push(length);
      wanted = longer(wanted);
    }
    expect(wrong).toEqual([]);
  },
);
