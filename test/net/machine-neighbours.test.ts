// SPDX-License-Identifier: MIT
// Neighbours that src/machine has the kernel keep resolved, and what is left of them once they are forgotten.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MachineLab } from './machine-lab.ts';

let machine: MachineLab;

beforeEach(() => {
  machine = MachineLab.create('machineneighbours');
});

afterEach(() => machine.destroy());

describe('a kept neighbour', () => {
  const entry = async (address: string) => JSON.parse(await machine.ip(`-j neighbour show ${address} nud all`))[0];

  test('is resolved without any traffic, and ages like others once it is forgotten', async () => {
    const before = await machine.snapshot();
    expect(await machine.callOne('keepNeighbour', 'prv0', '10.0.0.1')).toBe(true);
    const [server] = JSON.parse(await machine.ip('-j link show dev eth0', machine.lab.server(1)));
    await expect
      .poll(() => entry('10.0.0.1'), { timeout: 10_000 })
      .toMatchObject({ managed: null, lladdr: server.address });
    expect((await machine.snapshot()).managedNeighbours).toEqual(['prv0 10.0.0.1']);
    await machine.callOne('forgetNeighbour', 'prv0', '10.0.0.1');
    expect(await entry('10.0.0.1')).toMatchObject({ lladdr: server.address, state: ['STALE'] });
    expect(await machine.snapshot()).toEqual(before);
  });

  test('that nobody answers for is gone once it is forgotten', async () => {
    await machine.call(['keepNeighbour', 'prv0', '10.0.0.77'], ['forgetNeighbour', 'prv0', '10.0.0.77']);
    expect(await entry('10.0.0.77')).toBeUndefined();
  });

  test('that is permanent stays permanent, kept or forgotten', async () => {
    await machine.ip('neighbour add 10.0.0.1 lladdr 02:00:00:00:00:99 dev prv0 nud permanent');
    const kept = await machine.call(['keepNeighbour', 'prv0', '10.0.0.1'], ['forgetNeighbour', 'prv0', '10.0.0.1']);
    expect(kept).toEqual([true, null]);
    expect(await entry('10.0.0.1')).toMatchObject({ lladdr: '02:00:00:00:00:99', state: ['PERMANENT'] });
  });

  test('may be one of hundreds', async () => {
    const neighbours = Array.from({ length: 300 }, (_, i) => ({
      device: 'prv0',
      address: `10.0.0.${1 + (i % 150)}`,
    }));
    const [kept, managed] = await machine.call<[boolean, unknown[]]>(
      ['keepNeighbours', neighbours],
      ['managedNeighbours'],
    );
    expect(kept).toBe(true);
    expect(managed).toHaveLength(150);
    const [, left] = await machine.call<[null, unknown[]]>(['forgetNeighbours', neighbours], ['managedNeighbours']);
    expect(left).toEqual([]);
  });

  test('of a device that is not there is an error', async () => {
    expect(await machine.callOne('keepNeighbour', 'eth9', '10.0.0.1')).toEqual({
      error: expect.stringMatching(/^ip neighbour replace 10\.0\.0\.1 dev eth9 managed: Cannot find device/),
    });
  });
});
