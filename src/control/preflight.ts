// SPDX-License-Identifier: MIT
// Is the machine fit for this config? All that is wrong at once, before anything is touched.
import { checkMachine } from '../machine/check-machine.ts';
import { formatFinding } from '../machine/finding.ts';
import type { FloatingAddress } from '../machine/floating-address.ts';
import { readMachineFacts } from '../machine/machine-facts.ts';
import type { Config } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';

/** `placed`: the addresses xlvs put there before. Throws XlvsError whose `details` are one line per finding. */
export function preflight(config: Config, placed: readonly FloatingAddress[]): void {
  const findings = checkMachine(config, readMachineFacts(config), placed).map(formatFinding);
  if (findings.length === 0) return;
  if (findings.length === 1) throw new XlvsError('refused', findings[0] as string);
  throw new XlvsError(
    'refused',
    `the machine is not ready, ${findings.length} findings`,
    undefined,
    undefined,
    findings,
  );
}
