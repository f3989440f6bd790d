// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { drain, undrain } from '../../../src/control/drain.ts';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';

const router = () =>
  new MemoryDataPlane({
    services: [
      {
        name: 'n6',
        key: { kind: 'address', protocol: 'tcp', address: '2001:db8::10', port: 53 },
        scheduler: 'wlc',
        servers: [
          { address: '2001:db8:a::1', port: 530, weight: 3 },
          { address: '2001:db8:a::2', port: 530, weight: 1 },
          { address: '2001:db8:a::2', port: 531, weight: 1 },
        ],
      },
    ],
  });

describe('drain and undrain', () => {
  test.each(['2001:db8:a::1', '2001:DB8:a::1', '2001:db8:a:0::0001', '[2001:db8:a::1]:530', '[2001:DB8:A::0:1]:530'])(
    'know the server %s, however its address is written',
    (text) => {
      const to = router();
      expect(drain(to, 'n6', text)).toMatchObject({ server: '[2001:db8:a::1]:530', weightBefore: 3, weight: 0 });
      expect(undrain(to, 'n6', text)).toMatchObject({ server: '[2001:db8:a::1]:530', weightBefore: 0, weight: 1 });
    },
  );

  test.each([
    ['[2001:DB8:a::1]:531', 'no server [2001:DB8:a::1]:531 in n6'],
    ['web1', 'no server web1 in n6'],
    ['2001:DB8:a::2', '2001:DB8:a::2 names several servers of n6'],
  ])('refuse %s in the words it was named with', (text, message) => {
    for (const verb of [drain, undrain]) expect(() => verb(router(), 'n6', text)).toThrow(message);
  });
});
