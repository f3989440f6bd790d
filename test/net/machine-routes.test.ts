// SPDX-License-Identifier: MIT
// The routing table of a router's namespace as src/machine reads it: the way to an address, the default gateways.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MachineLab } from './machine-lab.ts';

let machine: MachineLab;

beforeEach(() => {
  machine = MachineLab.create('machineroutes');
});

afterEach(() => machine.destroy());

describe('a route', () => {
  test('tells device, gateway and source, and what is local', async () => {
    await machine.ip('route add default via 192.0.2.101');
    expect(await machine.call(['routeTo', '10.0.0.1'], ['routeTo', '8.8.8.8'], ['routeTo', '10.0.0.254'])).toEqual([
      { device: 'prv0', source: '10.0.0.254', local: false },
      { device: 'pub0', gateway: '192.0.2.101', source: '192.0.2.1', local: false },
      { device: 'lo', source: '10.0.0.254', local: true },
    ]);
  });

  test('of many keeps its place beside those that refuse', async () => {
    await machine.ip('route add blackhole 10.9.0.0/16');
    const addresses = Array.from({ length: 400 }, (_, i) =>
      i % 3 === 0 ? `10.9.0.${i % 256}` : `10.0.0.${1 + (i % 200)}`,
    );
    const routes = await machine.callOne<(null | { device: string })[]>('routesTo', addresses);
    expect(routes.map((route) => route?.device ?? 'none')).toEqual(
      addresses.map((address) => (address.startsWith('10.9.') ? 'none' : 'prv0')),
    );
  });

  test('by default names its gateways, and the devices of the lowest metric', async () => {
    await machine.ip('route add default metric 7 nexthop via 192.0.2.101 nexthop via 192.0.2.102');
    await machine.ip('route add default metric 9 via 10.0.0.1');
    expect(await machine.call(['defaultGateways'], ['defaultDevices'])).toEqual([
      [
        { device: 'pub0', address: '192.0.2.101' },
        { device: 'pub0', address: '192.0.2.102' },
        { device: 'prv0', address: '10.0.0.1' },
      ],
      ['pub0'],
    ]);
  });
});
