// SPDX-License-Identifier: MIT
// Flags belong to the scheduler whose name they begin with (ipvsadm refuses them with any other); what a scheduler has a name for
// is called by it.
import { FLAG_NAMES, type Scheduler } from '../model/model.ts';
import { takesFlag } from '../model/takes-flag.ts';
import type { DraftService } from './draft.ts';
import type { Path } from './path.ts';
import type { Report } from './report.ts';

export function checkFlags(path: Path, { flags, scheduler }: DraftService, report: Report): void {
  for (const [i, flag] of (flags ?? []).entries()) {
    if (flag === undefined || scheduler === undefined) continue;
    const accepted = insteadOf(flag, scheduler);
    if (accepted) report.error([...path, 'flags', i], { because: `the scheduler is ${scheduler}`, accepted });
  }
}

/** What this scheduler takes instead of a flag that it does not take. */
function insteadOf(flag: string, scheduler: Scheduler): string | undefined {
  if (takesFlag(scheduler, flag)) return undefined;
  const name = FLAG_NAMES[scheduler]?.[flag];
  return name ? `${name}, which is its name` : `with scheduler: ${flag.slice(0, flag.indexOf('-'))}, or remove it`;
}
