// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { checkReversePath } from '../../../src/machine/check-reverse-path.ts';
import { config, facts } from './router-facts.ts';

const check = (defaultDevices: string[], rpFilter: number, device = 'eth0') =>
  checkReversePath(
    config(),
    facts({ defaultDevices, settings: new Map([[device, { forwarding: true, ipv6Forwarding: true, rpFilter }]]) }),
  );

describe('a reverse path check', () => {
  test('finds a strict public device beside the default route', () => {
    expect(check(['wan9'], 1)).toEqual([
      {
        where: 'net.ipv4.conf.eth0.rp_filter',
        what: expect.stringContaining('the default route leaves by wan9'),
        cure: 'sysctl -w net.ipv4.conf.eth0.rp_filter=2',
      },
    ]);
  });

  test.each([0, 2])('accepts rp_filter %i there', (rpFilter) => expect(check(['wan9'], rpFilter)).toEqual([]));

  test.each([[['eth0']], [['wan9', 'eth0']], [[]]])('accepts strict when the default route leaves by %j', (devices) =>
    expect(check(devices, 1)).toEqual([]),
  );

  test('asks nothing of a private device', () => expect(check(['wan9'], 1, 'eth1')).toEqual([]));
});
