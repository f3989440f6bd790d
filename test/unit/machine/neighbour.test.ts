// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { forgetCommand, type IpNeighbour, keepCommand, neighbourTable } from '../../../src/machine/neighbour.ts';

const lladdr = '02:00:00:00:00:01';
const keep = (entry?: Partial<IpNeighbour>) => {
  const entries = entry ? [{ dst: '10.0.0.1', dev: 'eth1', ...entry }] : [];
  return keepCommand({ device: 'eth1', address: '10.0.0.1' }, neighbourTable(entries));
};

describe('keeping a neighbour', () => {
  const COMMAND = 'neighbour replace 10.0.0.1 dev eth1 managed';

  test('has the kernel manage one it does not know or has learnt itself', () => {
    expect(keep()).toBe(COMMAND);
    expect(keep({ lladdr, state: ['REACHABLE'] })).toBe(COMMAND);
    expect(keep({ dev: 'eth0', lladdr, state: ['PERMANENT'] })).toBe(COMMAND);
  });

  test.each([
    { lladdr, state: ['PERMANENT'] },
    { state: ['NOARP'] },
    { lladdr, state: ['REACHABLE'], extern_learn: null },
  ])("leaves somebody else's entry alone: %j", (entry) => expect(keep(entry)).toBeUndefined());

  test('does nothing about one that is managed already', () => {
    expect(keep({ managed: null, state: ['INCOMPLETE'] })).toBeUndefined();
  });
});

describe('forgetting a neighbour', () => {
  test('keeps the MAC that is known, to age as others do', () => {
    expect(forgetCommand({ dst: '10.0.0.1', dev: 'eth1', lladdr, managed: null })).toBe(
      `neighbour replace 10.0.0.1 lladdr ${lladdr} dev eth1 nud stale`,
    );
  });

  test('removes an entry without one', () => {
    expect(forgetCommand({ dst: '10.0.0.1', dev: 'eth1', managed: null })).toBe('neighbour del 10.0.0.1 dev eth1');
  });
});
