// SPDX-License-Identifier: MIT
// A machine of the lab: runs commands in its network namespace, and only that one is its own. Its files and /sys are the
// caller's, unlike under `ip netns exec`, so that pins below a bpffs are visible to every command.
import { LabError } from './lab-error.ts';
import { LabProcess } from './lab-process.ts';
import { patience } from './patience.ts';

export interface ExecOptions {
  /** milliseconds until the command is killed, default 30000 */
  readonly timeout?: number;
  /** false: an exit status other than 0 is a result, not an error; default true */
  readonly check?: boolean;
  readonly input?: string;
  /** added to the caller's environment */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ExecResult {
  /** undefined when a signal ended the command */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export class Host {
  /** its name in the lab, e.g. `server1` */
  readonly name: string;
  /** its main address; '' for the switch */
  readonly address: string;
  /** the network namespace's file */
  readonly netns: string;

  constructor(name: string, address: string, netns: string) {
    this.name = name;
    this.address = address;
    this.netns = netns;
  }

  /** Starts a command and returns at once. The command takes nsenter's place: the process has its pid. */
  spawn(command: string, args: readonly string[] = [], options: Pick<ExecOptions, 'env' | 'input'> = {}): LabProcess {
    return new LabProcess(['nsenter', `--net=${this.netns}`, command, ...args], options);
  }

  /** Runs a command to its end. Throws LabError when it fails (see `check`) or takes too long. */
  async exec(command: string, args: readonly string[] = [], options: ExecOptions = {}): Promise<ExecResult> {
    const { check = true } = options;
    const timeout = patience(options.timeout ?? 30_000);
    const running = this.spawn(command, args, options);
    let late = false;
    const timer = setTimeout(() => {
      late = running.killGroup();
    }, timeout);
    const { status, signal } = await running.exited.finally(() => clearTimeout(timer));
    const { stdout, stderr } = running;
    const shown = `${this.name}: ${command} ${args.join(' ')}`;
    if (late) throw new LabError(`${shown}: killed after ${timeout} ms; ${stderr.trim()}`);
    if (check && status !== 0) throw new LabError(`${shown}: ${signal ?? `exit status ${status}`}: ${stderr.trim()}`);
    return { status, stdout, stderr };
  }

  /**
   * Runs a function in a Node.js of its own. Its text is what travels, so that it works from sources and from a bundle: it
   * may use its arguments (`options` as JSON, `helpers` that are themselves such functions) and
   * `process.getBuiltinModule`, but nothing of the file around it.
   */
  run<O, H extends readonly ((...args: never[]) => unknown)[]>(
    script: (options: O, ...helpers: H) => void,
    options: O,
    ...helpers: H
  ): LabProcess {
    const args = [JSON.stringify(options), ...helpers.map(String)];
    return this.spawn(process.execPath, ['-e', `(${script})(${args.join(', ')})`]);
  }
}
