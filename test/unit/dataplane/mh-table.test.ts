// SPDX-License-Identifier: MIT
// Vectors of a hash written for IPVS's migration; the choices in the last test were seen on a live kernel.
import { describe, expect, it } from 'vitest';
import { addressToAbi } from '../../../src/dataplane/abi-values.ts';
import { hsiphash, MH_SLOTS, mhTable } from '../../../src/dataplane/mh-table.ts';

const number = (dotted: string): number => addressToAbi(dotted).word[0] as number;
const server = (address: string, weight = 1) => ({ address: addressToAbi(address), port: 80, weight });
const THREE = ['192.168.23.10', '192.168.22.10', '192.168.21.10'];
const shares = (table: readonly number[]): number[] =>
  [0, 1, 2].map((place) => table.filter((slot) => slot === place).length);

describe('the hash', () => {
  it.each([
    ['192.168.21.10', 1010, 2791],
    ['192.168.22.10', 1134, 3555],
    ['192.168.23.10', 3799, 3563],
  ])('%s:80 starts at %i and goes on by %i', (address, offset, skip) => {
    expect(hsiphash(number(address) + 80, 2654435761n) % MH_SLOTS).toBe(offset);
    expect((hsiphash(number(address) + 80, 2654446892n) % (MH_SLOTS - 1)) + 1).toBe(skip);
  });
});

describe('the table of mh', () => {
  it('is shared out evenly', () => {
    expect(shares(mhTable(THREE.map((address) => server(address))))).toEqual([1365, 1364, 1364]);
  });

  it.each([
    ['10.0.0.100', 2632, '192.168.21.10'],
    ['10.0.0.101', 3746, '192.168.23.10'],
    ['10.0.0.102', 735, '192.168.21.10'],
    ['192.0.2.1', 2891, '192.168.23.10'],
    ['198.51.100.7', 924, '192.168.21.10'],
  ])('sends %s by slot %i to %s', (client, slot, chosen) => {
    expect(hsiphash(number(client), 2654435761n) % MH_SLOTS).toBe(slot);
    const table = mhTable(THREE.map((address) => server(address)));
    expect(THREE[table[slot] as number]).toBe(chosen);
  });

  it('follows the weights, and leaves out who never had one', () => {
    const [one, two, none] = shares(mhTable([server('10.0.0.1', 3), server('10.0.0.2', 1), server('10.0.0.3', 0)]));
    expect([Math.round(((one as number) / MH_SLOTS) * 100), none]).toEqual([75, 0]);
    expect((one as number) + (two as number)).toBe(MH_SLOTS);
  });

  it('gives the lightest of very different weights a turn of one', () => {
    // 63 rounds of 63 and 1, and 61 slots of the next
    expect(shares(mhTable([server('10.0.0.1', 2147483647), server('10.0.0.2', 1)]))).toEqual([4030, 63, 0]);
  });

  it('is empty when nobody has a weight', () => {
    expect(mhTable([server('10.0.0.1', 0)])).toEqual([]);
    expect(mhTable([])).toEqual([]);
  });
});
