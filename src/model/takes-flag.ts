// SPDX-License-Identifier: MIT
// Which flags a scheduler takes: its own, which begin with its name, and the numbered ones it has no name for.
import { FLAG_NAMES, type Scheduler } from './model.ts';

export function takesFlag(scheduler: Scheduler, flag: string): boolean {
  return flag.startsWith('flag-') ? FLAG_NAMES[scheduler]?.[flag] === undefined : flag.startsWith(`${scheduler}-`);
}
