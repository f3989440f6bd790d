// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { devicesOfBest, matchOf, routeOf } from '../../../src/machine/route.ts';

describe('a route', () => {
  test('to a neighbour has no gateway', () => {
    expect(routeOf({ dst: '10.0.0.7', dev: 'eth1', prefsrc: '10.0.0.254' })).toEqual({
      device: 'eth1',
      source: '10.0.0.254',
      local: false,
    });
  });

  test.each([{ gateway: 'fe80::1' }, { via: { family: 'inet6', host: 'fe80::1' } }])('goes by a gateway: %j', (hop) => {
    expect(routeOf({ dst: '8.8.8.8', dev: 'eth0', ...hop })).toEqual({
      device: 'eth0',
      gateway: 'fe80::1',
      local: false,
    });
  });

  test("to one of the machine's own addresses is local", () => {
    expect(routeOf({ type: 'local', dst: '10.0.0.254', dev: 'lo' })).toEqual({ device: 'lo', local: true });
  });
});

describe('the entry that decides', () => {
  test.each([
    ['10.0.0.0/24', 24],
    ['10.0.0.9', 32],
    ['default', 0],
    ['2001:db8::/64', 64],
  ])('for %s has prefix length %i', (dst, length) => expect(matchOf({ dst, dev: 'eth1' }).length).toBe(length));

  test('may leave by several devices', () => {
    const nexthops = [{ dev: 'eth1' }, { dev: 'eth2' }, { dev: 'eth1' }];
    expect(matchOf({ dst: 'default', nexthops }).devices).toEqual(['eth1', 'eth2']);
  });
});

describe('the default route', () => {
  test('is that of the lowest metric, which is 0 where none is named', () => {
    const dst = 'default';
    expect(
      devicesOfBest([
        { dst, dev: 'wlan0', metric: 600 },
        { dst, dev: 'eth0', metric: 100 },
      ]),
    ).toEqual(['eth0']);
    expect(
      devicesOfBest([
        { dst, dev: 'eth0', metric: 100 },
        { dst, dev: 'ppp0' },
      ]),
    ).toEqual(['ppp0']);
    expect(devicesOfBest([])).toEqual([]);
  });
});
