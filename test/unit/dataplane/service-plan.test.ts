// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import * as abi from '../../../src/abi/index.ts';
import { Registry } from '../../../src/dataplane/registry.ts';
import { ServicePlan } from '../../../src/dataplane/service-plan.ts';
import type { SlotTable } from '../../../src/dataplane/slot-table.ts';

const noSlots = { slots: [] } as unknown as SlotTable;
const stateless = (): abi.SchedulerState => abi.schedulerStateCodec.decode(new DataView(new ArrayBuffer(64)), 0);

test('a service that does not run cannot be removed: it is named, with where to look', () => {
  const plan = new ServicePlan([], noSlots, Registry.parse(undefined), stateless);
  expect(() => plan.remove({ kind: 'mark', mark: 80, family: 'ipv4' })).toThrow(
    expect.objectContaining({ line: 'no service mark 80 ipv4; see: xlvs services' }),
  );
});
