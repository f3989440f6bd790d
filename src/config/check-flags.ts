// SPDX-License-Identifier: MIT
// Flags belong to the scheduler whose name they begin with (ipvsadm refuses them with any other); what a scheduler has a name for
// is called by it.
import type { DraftService } from './draft.ts';
import type { Path } from './path.ts';
import type { Report } from './report.ts';

const NAMES: Readonly<Record<string, string>> = { 'flag-1': 'fallback', 'flag-2': 'port' };

export function checkFlags(path: Path, { flags, scheduler }: DraftService, report: Report): void {
  for (const [i, flag] of (flags ?? []).entries()) {
    if (flag === undefined || scheduler === undefined) continue;
    const accepted = insteadOf(flag, scheduler);
    if (accepted) report.error([...path, 'flags', i], { because: `the scheduler is ${scheduler}`, accepted });
  }
}

/** What this scheduler takes instead of a flag that it does not take. */
function insteadOf(flag: string, scheduler: string): string | undefined {
  const owner = flag.slice(0, flag.indexOf('-'));
  if (owner !== 'flag') return owner === scheduler ? undefined : `with scheduler: ${owner}, or remove it`;
  const name = NAMES[flag];
  return name && (scheduler === 'sh' || scheduler === 'mh') ? `${scheduler}-${name}, which is its name` : undefined;
}
