// SPDX-License-Identifier: MIT
// Whether a server is overloaded after an edit of its thresholds (IPVS's __ip_vs_dest_update_overload). What connections that come
// and go make of it is in bpf/threshold.h.
import type { Server } from '../model/model.ts';
import type { Slot } from './slot-table.ts';

type Thresholds = Pick<Server, 'upperThreshold' | 'lowerThreshold'>;

/** Below so many connections an overload ends. */
const floorOf = (upper: number, lower: number): number => lower || upper - (upper >>> 2);

/** At the upper threshold or above a server is overloaded, below the lower one it is not, between them it stays what it was. */
function isOverloaded({ active, inactive }: Slot['load'], upper: number, lower: number, was: boolean): boolean {
  const connections = active + inactive;
  if (upper === 0 || connections < floorOf(upper, lower)) return false;
  return was || connections >= upper;
}

/** Of a server that takes a free slot: no load's, neither that of the slot's last server nor a new one's, 0. */
export const overloadRoundBehind = (freed: Slot | undefined): number => ((freed?.load.overloaded ?? 0) + 1) >>> 0 || 1;

/** The round to write: that of its load if it is overloaded from now on, another one if not. */
export function overloadRoundAfter({ record, load }: Slot, edit: Thresholds): number {
  const { upperThreshold: upper = 0, lowerThreshold: lower = 0 } = edit;
  const isSame = load.overloaded === record.overloadRound;
  if (upper === record.upperThreshold && lower === record.lowerThreshold) return record.overloadRound;
  if (isOverloaded(load, upper, lower, isSame && record.upperThreshold > 0)) return load.overloaded;
  return isSame ? (record.overloadRound + 1) >>> 0 : record.overloadRound;
}
