// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { topology } from '../../../src/lab/topology.ts';
import { machineCommands, wireCommands } from '../../../src/lab/wiring.ts';

const plan = topology({ name: 'test', servers: 2 });

const machineOf = (name: string) => {
  const machine = plan.machines.find((candidate) => candidate.name === name);
  if (!machine) throw new Error(`no ${name}`);
  return machine;
};
const commandsOf = (name: string): string[] => machineCommands(plan, machineOf(name));

describe('wiring', () => {
  test('puts both ends of a wire where they belong, with the queues and the MTU asked for', () => {
    expect(wireCommands('lab-1', plan, machineOf('router'), { queues: 4, mtu: 1400 })[0]).toBe(
      'link add name pub0 mtu 1400 numtxqueues 4 numrxqueues 4 type veth ' +
        'peer name eth0 mtu 1400 numtxqueues 4 numrxqueues 4 netns lab-1-client1',
    );
    expect(wireCommands('lab-1', plan, machineOf('client1'), { queues: 4, mtu: 1400 })).toEqual([]);
  });

  test('gives a machine its address before its interface comes up, and its route last', () => {
    expect(commandsOf('server1')).toEqual([
      'link set lo up',
      'address add 10.0.0.1/24 dev eth0',
      'link set eth0 gro_max_size 1 up',
      'route add default via 10.0.0.254',
    ]);
  });

  test('bridges the ports of the switch', () => {
    const commands = commandsOf('switch');
    expect(commands).toContain('link add prv type bridge mcast_snooping 0');
    expect(commands.filter((command) => command.endsWith('master prv'))).toHaveLength(3);
  });
});
