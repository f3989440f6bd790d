// SPDX-License-Identifier: MIT
// Flags belong to the scheduler whose name they begin with (ipvsadm refuses them with any other).
import type { DraftService } from './draft.ts';
import type { Path } from './path.ts';
import type { Report } from './report.ts';

export function checkFlags(path: Path, { flags, scheduler }: DraftService, report: Report): void {
  for (const [i, flag] of (flags ?? []).entries()) {
    if (flag === undefined || scheduler === undefined) continue;
    const owner = flag.slice(0, flag.indexOf('-'));
    if (owner === scheduler) continue;
    report.error([...path, 'flags', i], {
      because: `the scheduler is ${scheduler}`,
      accepted: `with scheduler: ${owner}, or remove it`,
    });
  }
}
