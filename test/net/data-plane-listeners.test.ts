// SPDX-License-Identifier: MIT
// The listeners map beside the services: it holds what follows from them after each change, and nothing else.
import { expect, it } from 'vitest';
import { addressFromAbi } from '../../src/dataplane/abi-values.ts';
import type { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import type { ServiceKey } from '../../src/model/model.ts';
import { DataPlaneFixture, server, shop, slotOf, web } from './data-plane-fixture.ts';

let router: KernelDataPlane;
const fixture = DataPlaneFixture.forEachTest((started) => {
  router = started;
});

const key: ServiceKey = { kind: 'address', protocol: 'tcp', address: '192.0.2.11', port: 80 };
const other = (last: number) => web([server(last)], { name: 'other', key });

/** What each place leads to: a slot, 0 for none. */
const held = (): Record<string, number> =>
  Object.fromEntries(
    [...router.maps.listeners.entries()].map(([{ address, port, protocol }, listener]) => [
      `${addressFromAbi(address)}:${port}/${protocol}`,
      listener.server,
    ]),
  );

it('follows services as they come, change and go', () => {
  router.change({ putServices: [web([server(1), server(2, 0)])] });
  expect(held()).toEqual({ '10.0.0.1:80/6': slotOf(router, 1), '10.0.0.2:80/6': slotOf(router, 2) });
  router.change({ putServices: [web([server(2), server(3)])] });
  expect(held()).toEqual({ '10.0.0.2:80/6': slotOf(router, 2), '10.0.0.3:80/6': slotOf(router, 3) });
  router.change({ putServices: [other(3)] });
  expect(held()).toEqual({ '10.0.0.2:80/6': slotOf(router, 2), '10.0.0.3:80/6': 0 });
  router.change({ removeServices: [web([]).key] });
  expect(held()).toEqual({ '10.0.0.3:80/6': expect.toSatisfy((slot) => slot > 0) });
  router.change({ removeServices: [key] });
  expect(held()).toEqual({});
});

it('holds what a mark’s servers name, of each protocol, and what their service leads to', () => {
  const named = { ...shop, servers: [{ address: '10.0.0.9', port: 8080, weight: 1 }] };
  router.change({ putServices: [named, web([server(1)])] });
  const [tcp, udp, sctp] = [6, 17, 132].map((protocol) => `10.0.0.9:8080/${protocol}`);
  expect(held()).toEqual({ [`${tcp}`]: 0, [`${udp}`]: 0, [`${sctp}`]: 0, '10.0.0.1:80/6': slotOf(router, 1) });
  const [entry] = [...router.maps.listeners.entries()].filter(([place]) => place.port === 80);
  expect(entry?.[1]).toMatchObject({ port: 80 });
  expect(addressFromAbi((entry as NonNullable<typeof entry>)[1].address)).toBe('192.0.2.10');
});

it('is pinned with the rest: another program finds it as it was', () => {
  router.change({ putServices: [web([server(1)])] });
  const before = held();
  expect(fixture.load()).toBe('reused');
  expect(held()).toEqual(before);
});
