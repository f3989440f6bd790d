// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, test } from 'vitest';
import { scenario } from './lab.ts';
import type { Facts } from './scenario/pin.ts';

let facts: Facts;
beforeAll(() => {
  facts = scenario<Facts>('pin');
});

describe('a pin', () => {
  test('keeps a map and its entries', () => {
    expect(facts.value).toBe(42);
    expect(facts.name).toBe('slots');
  });

  test('opens a map for reading only', () => {
    expect(facts.readOnly).toEqual({ value: 43, set: 'EPERM' });
  });

  test('keeps a program', () => {
    expect(facts.verdict).toBe(1);
  });

  test('keeps a link, which can be opened again and updated', () => {
    expect(facts.afterClose).toBeGreaterThan(0);
    expect(facts.updated).toBe(true);
  });

  test('keeps a link until it is removed', () => {
    expect(facts.pinned).toBe(true);
    expect(facts.unpinned).toBe(0);
  });

  test('is not replaced, and needs a bpf file system', () => {
    expect(facts.refused).toEqual({ twice: 'EEXIST', elsewhere: 'EPERM' });
  });

  test('of another kind is refused by name', () => {
    expect(facts.kinds.programAsMap).toBe('map openPin: /mnt/bpf/drop is a bpf-prog, not a bpf-map (EINVAL)');
    expect(facts.kinds.mapAsProgram).toMatch(/^program openPin: .*bpf-map, not a bpf-prog \(EINVAL\)$/);
    expect(facts.kinds.mapAsLink).toMatch(/^link openPin: .*bpf-map, not a bpf-link \(EINVAL\)$/);
    expect(facts.kinds.missing).toBe('link openPin /mnt/bpf/link: No such file or directory (ENOENT)');
  });
});

describe('the directory of a bpf file system', () => {
  test('can be locked', () => {
    expect(facts.locks).toEqual({ first: true, second: false });
  });
});
