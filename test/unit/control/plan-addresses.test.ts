// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { formatDifference } from '../../../src/control/diff.ts';
import { addressDifferences, planAddresses, wantedAddresses } from '../../../src/control/plan-addresses.ts';
import type { Interface } from '../../../src/model/model.ts';
import { configOf } from '../daemon/fake-daemon.ts';

const A = '192.0.2.10/24';
const B = '192.0.2.11/24';
const at = (device: string, ...addresses: string[]): Interface => ({ device, role: 'public', mode: 'auto', addresses });
const on = (device: string, ...addresses: string[]) => addresses.map((address) => ({ device, address }));
const plan = (interfaces: Interface[], present: ReturnType<typeof on>, placed: ReturnType<typeof on>) =>
  planAddresses({ wanted: wantedAddresses(configOf({ interfaces })), present, placed });

describe('the plan of addresses', () => {
  test('adds what is missing, takes back what the file dropped, keeps the rest', () => {
    expect(plan([at('eth0', A)], [], [])).toEqual({ added: on('eth0', A), removed: [], kept: [] });
    expect(plan([at('eth0', B)], on('eth0', A), on('eth0', A))).toEqual({
      added: on('eth0', B),
      removed: on('eth0', A),
      kept: [],
    });
    expect(plan([at('eth0', A)], on('eth0', A), on('eth0', A))).toEqual({
      added: [],
      removed: [],
      kept: on('eth0', A),
    });
  });

  test('has no part in what the machine has by itself, in the file or not', () => {
    const nothing = { added: [], removed: [], kept: [] };
    expect(plan([at('eth0', A)], on('eth0', A), [])).toEqual(nothing);
    expect(plan([at('eth0')], on('eth0', A), [])).toEqual(nothing);
  });

  test('adds again what somebody took off, and is done with it where the file dropped it too', () => {
    expect(plan([at('eth0', A)], [], on('eth0', A))).toEqual({ added: on('eth0', A), removed: [], kept: [] });
    expect(plan([at('eth0')], [], on('eth0', A))).toEqual({ added: [], removed: on('eth0', A), kept: [] });
  });

  test('moves an address, to another device or another length', () => {
    expect(plan([at('eth0'), at('eth1', A)], on('eth0', A), on('eth0', A))).toEqual({
      added: on('eth1', A),
      removed: on('eth0', A),
      kept: [],
    });
    expect(plan([at('eth0', '192.0.2.10/25')], on('eth0', A), on('eth0', A))).toEqual({
      added: on('eth0', '192.0.2.10/25'),
      removed: on('eth0', A),
      kept: [],
    });
  });

  test('reads as apply prints it, the new ones first', () => {
    const { added, removed } = plan([at('eth0', B), at('eth1', A)], on('eth0', A), on('eth0', A));
    expect(addressDifferences({ added, removed }).map(formatDifference)).toEqual([
      `+ address ${B} on eth0`,
      `+ address ${A} on eth1`,
      `- address ${A} on eth0`,
    ]);
  });
});
