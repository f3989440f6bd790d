// SPDX-License-Identifier: MIT
// Runs one of the host's commands to its end, for building and clearing a lab. Commands inside a machine: host.ts.
import { spawnSync } from 'node:child_process';
import { LabError } from './lab-error.ts';

/** Returns stdout. Throws LabError with the command and what it said on stderr. */
export function runCommand(command: string, args: readonly string[], input: readonly string[] = []): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input: input.join('\n'), encoding: 'utf8' });
  if (error) throw new LabError(`${command}: ${error.message}`, { cause: error });
  if (status !== 0) throw new LabError(`${command} ${args.join(' ')}: ${stderr.trim() || `exit status ${status}`}`);
  return stdout;
}
