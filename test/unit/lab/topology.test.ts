// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { type LabOptions, type Topology, topology } from '../../../src/lab/topology.ts';

const lab = (options: Omit<LabOptions, 'name'> = {}): Topology => topology({ name: 'test', ...options });

const wires = ({ wires }: Topology): string[] =>
  wires.map((ends) => ends.map(({ machine, device }) => `${machine}.${device}`).join(' = '));

const machine = (of: Topology, name: string) => of.machines.find((candidate) => candidate.name === name);

describe('topology', () => {
  test('by default has one client, a router and three servers', () => {
    const names = lab().machines.map(({ name }) => name);
    expect(names).toEqual(['client1', 'server1', 'server2', 'server3', 'router', 'switch']);
  });

  test('wires two machines directly and more of them over a bridge', () => {
    expect(wires(lab({ servers: 1 }))).toEqual(['router.pub0 = client1.eth0', 'router.prv0 = server1.eth0']);
    const { bridges } = lab({ clients: 2, servers: 2 });
    expect(bridges).toEqual([
      { device: 'pub', ports: ['pub-router', 'pub-client1', 'pub-client2'] },
      { device: 'prv', ports: ['prv-router', 'prv-server1', 'prv-server2'] },
    ]);
  });

  test('has no switch where nothing needs a bridge', () => {
    expect(machine(lab({ servers: 1 }), 'switch')).toBeUndefined();
  });

  test('makes neighbour clients of 192.0.2.0/24 that go over the router', () => {
    expect(machine(lab({ clients: 2 }), 'client2')).toEqual({
      name: 'client2',
      address: '192.0.2.102',
      defaultRoute: '192.0.2.1',
    });
  });

  test('puts routed clients into 198.51.100.0/24 behind a gateway that is the router’s way to them', () => {
    const routed = lab({ clients: 2, clientRouted: true });
    expect(machine(routed, 'client2')).toMatchObject({ address: '198.51.100.2', defaultRoute: '198.51.100.254' });
    expect(machine(routed, 'router')).toMatchObject({ defaultRoute: '192.0.2.254' });
    expect(wires(routed)).toContain('router.pub0 = gateway.pub0');
  });

  test('gives every server the router as its way out', () => {
    expect(machine(lab(), 'server3')).toMatchObject({ address: '10.0.0.3', defaultRoute: '10.0.0.254' });
  });

  test('gives the router the virtual address only if asked', () => {
    const addresses = (of: Topology) => of.wires.flat().find(({ device }) => device === 'pub0')?.addresses;
    expect(addresses(lab())).toEqual(['192.0.2.1']);
    expect(addresses(lab({ staticVip: true }))).toEqual(['192.0.2.1', '192.0.2.10']);
  });

  test('keeps device names within the 15 characters of the kernel at its largest', () => {
    const all = lab({ clients: 9, servers: 9, clientRouted: true });
    for (const { device } of all.wires.flat()) expect(device.length).toBeLessThanOrEqual(15);
  });
});
