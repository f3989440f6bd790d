// SPDX-License-Identifier: MIT
// Where rr and wrr go on after a service's list changed, as IPVS's schedulers do when a destination is added, edited
// or deleted. The other schedulers remember nothing.
import * as abi from '../abi/index.ts';
import { type RunningService, sameMembers } from './running-services.ts';
import { wrrAfterAdding, wrrAfterChange } from './wrr.ts';

const START: abi.SchedulerState = { lastServer: 0, currentWeight: 0 };

/** rr goes on from the server used last; if it was deleted, from the one before it in the old list. */
function rrState(before: RunningService, lastServer: number, members: readonly abi.Member[]): abi.SchedulerState {
  const listed = new Set(members.map((member) => member.server));
  const old = before.members.map((member) => member.server);
  for (let at = old.indexOf(lastServer); at >= 0; at--) {
    if (listed.has(old[at] as number)) return { lastServer: old[at] as number, currentWeight: 0 };
  }
  return START;
}

/** wrr goes back to the head; deletions and edits are one change, each addition one more. */
function wrrState(before: readonly abi.Member[], weight: number, members: readonly abi.Member[]): abi.SchedulerState {
  const known = new Set(before.map((member) => member.server));
  const kept = members.filter((member) => known.has(member.server)).map((member) => member.weight);
  const added = members
    .filter((member) => !known.has(member.server))
    .map((member) => member.weight)
    .reverse();
  const old = before.map((member) => member.weight);
  const touched = kept.join() === old.join() ? weight : wrrAfterChange(weight, kept);
  return { lastServer: 0, currentWeight: wrrAfterAdding(touched, kept, added) };
}

/** The state to write, given what `before` remembers (read by the caller into `last`); undefined: leave it. */
export function schedulerStateAfter(
  before: RunningService | undefined,
  scheduler: number,
  members: readonly abi.Member[],
  last: abi.SchedulerState,
): abi.SchedulerState | undefined {
  if (scheduler !== abi.Scheduler.RR && scheduler !== abi.Scheduler.WRR) return undefined;
  const same = before?.record.scheduler === scheduler ? before : undefined;
  if (same && sameMembers(same.members, members)) return undefined;
  if (scheduler === abi.Scheduler.WRR) return wrrState(same?.members ?? [], same ? last.currentWeight : 0, members);
  return same ? rrState(same, last.lastServer, members) : START;
}
