// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, test } from 'vitest';
import { scenario } from './lab.ts';
import type { Facts } from './scenario/link.ts';

let facts: Facts;
beforeAll(() => {
  facts = scenario<Facts>('link');
});

describe('a link to a device', () => {
  test('attaches a program in the driver', () => {
    expect(facts.before).toEqual({ programId: 0 });
    expect(facts.attached.query).toEqual({ mode: 'native', programId: facts.ids.decide });
    expect(facts.attached.info).toMatchObject({ programId: facts.ids.decide, ifindex: facts.a, type: 6 });
    expect(facts.framesBeforeUpdate).toBeGreaterThanOrEqual(3);
  });

  test('is the only one of its device', () => {
    expect(facts.second).toBe('EBUSY');
  });

  test('changes to another program', () => {
    expect(facts.updated).toEqual({ mode: 'native', programId: facts.ids.drop });
    expect(facts.framesAfterUpdate).toBeGreaterThanOrEqual(2);
  });

  test('does not change if another program is attached than expected', () => {
    expect(facts.wrongExpectation).toBe('EPERM');
  });

  test('can be detached while it is open', () => {
    expect(facts.detached.query).toEqual({ programId: 0 });
    expect(facts.detached.info.ifindex).toBe(0);
  });

  test('attaches in the stack after the driver', () => {
    expect(facts.inGeneric).toEqual({ mode: 'generic', programId: facts.ids.decide });
  });

  test('leaves the device with its last handle', () => {
    expect(facts.afterClose).toEqual({ programId: 0 });
  });

  test('takes the driver where there is one', () => {
    expect(facts.defaultMode.mode).toBe('native');
  });

  test('outlives its device', () => {
    expect(facts.deviceGone.info.ifindex).toBe(0);
    expect(facts.deviceGone).toMatchObject({ update: 'ENOLINK', query: 'ENODEV', attach: 'ENODEV' });
  });

  test('fails where the card cannot run programs', () => {
    expect(['EOPNOTSUPP', 'EINVAL']).toContain(facts.offload);
  });
});
