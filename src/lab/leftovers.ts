// SPDX-License-Identifier: MIT
// Takes labs down: the processes in their namespaces, the namespaces, the mounts and the directory. Serves a lab's own
// end and the remains of one whose process was killed.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

const NAMESPACES = '/run/netns';

/** A lab's name on the machine: its namespaces begin with it, its directory is called so. */
export const labId = (name: string, pid: number): string => `xlvs-${name}-${pid}`;

/** Where a lab keeps captures, served files and its bpffs. */
export const labDirectory = (id: string): string => join(tmpdir(), id);

const entries = (directory: string): string[] => (existsSync(directory) ? readdirSync(directory) : []);

/** Removes everything of one lab; what is not there is no error. */
export function removeLab(id: string): void {
  const namespaces = entries(NAMESPACES).filter((entry) => entry.startsWith(`${id}-`));
  for (const namespace of namespaces) killProcesses(namespace);
  for (const namespace of namespaces) runCommand('ip', ['netns', 'del', namespace]);
  removeDirectory(labDirectory(id));
}

/** Removes the labs of this name whose process has ended. */
export function removeLeftovers(name: string): void {
  const pattern = new RegExp(`^${labId(name, 0).slice(0, -1)}(\\d+)(-|$)`);
  const pids = [...entries(NAMESPACES), ...entries(tmpdir())].map((entry) => pattern.exec(entry)?.[1]);
  for (const pid of new Set(pids)) {
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeLab(labId(name, Number(pid)));
  }
}

function killProcesses(namespace: string): void {
  const pids = runCommand('ip', ['netns', 'pids', namespace]).split('\n').filter(Boolean).map(Number);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended by itself in the meantime
    }
  }
}

/** Mounts first: nothing of a file system that is still mounted may be deleted through it. */
function removeDirectory(directory: string): void {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  for (const mount of mounts) {
    const [, target = ''] = mount.split(' ');
    if (target.startsWith(`${directory}/`)) runCommand('umount', ['--lazy', target]);
  }
  rmSync(directory, { recursive: true, force: true });
}
