// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import * as abi from '../../../src/abi/index.ts';
import { dhTable, hashTable, SH_SLOTS, shTable } from '../../../src/dataplane/sh-table.ts';

const member = (server: number, weight: number): { server: number; weight: number } => ({ server, weight });

describe('the table of sh', () => {
  it('repeats each server by its weight, in the order of the list', () => {
    const table = shTable([member(3, 1), member(2, 2), member(1, 1)]).map(({ server }) => server);
    expect(table.slice(0, 9)).toEqual([3, 2, 2, 1, 3, 2, 2, 1, 3]);
    expect(table).toHaveLength(SH_SLOTS);
  });

  it('gives a server of weight 0 one slot, where it refuses', () => {
    expect(shTable([member(2, 0), member(1, 1)]).slice(0, 4)).toEqual([
      member(2, 0),
      member(1, 1),
      member(2, 0),
      member(1, 1),
    ]);
  });

  it('cuts a run that would pass its end', () => {
    const table = shTable([member(1, 1000), member(2, 1)]);
    expect(table).toHaveLength(SH_SLOTS);
    expect(new Set(table.map(({ server }) => server))).toEqual(new Set([1]));
  });

  it('is empty without servers', () => {
    expect(shTable([])).toEqual([]);
  });
});

describe('the table of dh', () => {
  it('takes the list over and over, whatever the weights', () => {
    const table = dhTable([member(3, 7), member(2, 0), member(1, 1)]).map(({ server }) => server);
    expect(table.slice(0, 5)).toEqual([3, 2, 1, 3, 2]);
    expect(table).toHaveLength(SH_SLOTS);
  });
});

describe('the table of a scheduler', () => {
  it('has nobody in its slots without servers', () => {
    expect(hashTable(abi.Scheduler.DH, [])?.slots).toEqual(Array.from({ length: SH_SLOTS }, () => member(0, 0)));
  });

  it('is none for those that walk the list', () => {
    expect(hashTable(abi.Scheduler.RR, [member(1, 1)])).toBeUndefined();
  });
});
