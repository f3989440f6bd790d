// SPDX-License-Identifier: MIT
// Runs the system's tools (ip, nft, sysctl) in the namespace that this process is in.
import { execFileSync } from 'node:child_process';

/** One command a line. Throws with the tool's words. */
export function shell(commands: string): void {
  execFileSync('sh', ['-ec', commands], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
}
