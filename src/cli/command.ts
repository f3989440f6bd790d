// SPDX-License-Identifier: MIT
// What a command is: a row of the command table. Help, man page and completions are made from it or checked against it.
import type { World } from './world.ts';

export interface ArgumentSpec {
  readonly name: string;
  readonly help: string;
}

export interface OptionSpec {
  /** as commander writes them: `--service NAME` */
  readonly flags: string;
  readonly help: string;
}

/** A command as it was called. */
export interface Call {
  readonly arguments: readonly string[];
  /** by long name in camelCase: `--log-level` is `logLevel` */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly pins: string;
  readonly verbose: boolean;
}

export interface Command {
  readonly name: string;
  /** one line, no full stop */
  readonly summary: string;
  /** what `--help` says besides; paragraphs */
  readonly details: readonly string[];
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** everything behind its name is its own, global options and --help included, and arrives as arguments */
  readonly isRaw?: true;
  /** Resolves to the exit status. Throws XlvsError, ConfigProblems or BpfError. */
  run(world: World, call: Call): Promise<number>;
}

/** The contract's exit statuses. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;
