// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { realResolver } from '../../../src/cli/real-resolver.ts';
import { Names } from '../../../src/ipvsadm/names.ts';

test('the system knows localhost both ways, and no host .invalid', async () => {
  expect(await realResolver.lookup('localhost')).toBe('127.0.0.1');
  expect(await realResolver.reverse('127.0.0.1')).toBe('localhost');
  expect(await realResolver.lookup('xlvs.invalid')).toBeUndefined();
});

test('the system knows services by name, alias and number, each of its protocol', () => {
  const names = new Names(realResolver);
  expect([names.portOf('ssh', 'tcp'), names.portOf('domain', 'udp'), names.portOf('ssh', 'sctp')]).toEqual([
    22,
    53,
    undefined,
  ]);
  expect(names.serviceOf(22, 'tcp')).toBe('ssh');
  expect(names.serviceOf(22, undefined)).toBeUndefined();
});
