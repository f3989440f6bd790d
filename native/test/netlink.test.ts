// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, test } from 'vitest';
import { ifIndex, ifName, NetlinkMonitor } from '../lib/index.ts';
import { thrown } from './bytes.ts';
import { scenario } from './lab.ts';
import type { Facts } from './scenario/netlink.ts';

let facts: Facts;
beforeAll(() => {
  facts = scenario<Facts>('netlink');
});

describe('a netlink monitor', () => {
  test('hears of devices that come and go', () => {
    expect(facts.added).toContain(facts.a);
    expect(facts.deleted).toContain(facts.a);
  });

  test('hears of every group it joined', () => {
    expect(facts.addressed).toContain(facts.a);
  });

  test('is told when notices were lost', () => {
    expect(facts.overruns).toBeGreaterThan(0);
  });

  test('refuses groups that do not exist, and what is no group', () => {
    expect(thrown(() => new NetlinkMonitor([9999], () => {}))).toMatchObject({ code: 'EINVAL', object: 'group 9999' });
    expect(() => new NetlinkMonitor(['link' as never], () => {})).toThrow('group must be a number, got a string');
    expect(() => new NetlinkMonitor(1 as never, () => {})).toThrow('groups must be an array of numbers, got 1');
    expect(() => new NetlinkMonitor([1], undefined as never)).toThrow('onMessage must be a function, got undefined');
  });

  test('closes more than once, and is no use afterwards', () => {
    const monitor = new NetlinkMonitor([1], () => {});
    monitor.close();
    monitor.close();
    expect(thrown(() => monitor.unref())).toMatchObject({ code: 'EBADF' });
  });
});

describe('a device', () => {
  test('has an index, a name, a driver, flags and features', () => {
    expect(facts.device).toMatchObject({ index: true, name: 'left', driver: 'veth', takesTagsOut: [0, 1] });
    expect(facts.device.features).toMatch(/^\d*$/);
  });

  test('that is gone has none', () => {
    expect(facts.gone).toEqual({ index: true, name: true, driver: true, flags: true, features: true });
  });

  test('is found by name and index', () => {
    expect(ifIndex('lo')).toBe(1);
    expect(ifName(1)).toBe('lo');
    expect(ifIndex('a name that is much too long')).toBeUndefined();
  });
});
