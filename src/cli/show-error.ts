// SPDX-License-Identifier: MIT
// The one place where an error reaches a user: what, why and what to do on stderr, and the exit status that goes with it.
import { CommanderError } from 'commander';
import { ConfigProblems, errorLines } from '../daemon/error-lines.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { EXIT } from './command.ts';
import { writeLine } from './output.ts';
import type { World } from './world.ts';

export function exitStatusOf(error: unknown): number {
  if (error instanceof CommanderError || error instanceof ConfigProblems) return EXIT.usage;
  if (error instanceof XlvsError && error.code === 'usage') return EXIT.usage;
  return EXIT.failed;
}

/** `verbose` adds what the causes have to tell: verifier log and stack. */
export function showError({ stderr }: Pick<World, 'stderr'>, error: unknown, verbose: boolean): void {
  const [first = '', ...more] = error instanceof CommanderError ? [usageLine(error)] : errorLines(error);
  // A problem begins with its place in the file, as compilers write it: editors jump there.
  writeLine(stderr, error instanceof ConfigProblems ? first : `xlvs: ${first}`);
  for (const line of more) writeLine(stderr, line);
  if (verbose) for (const line of background(error)) writeLine(stderr, line);
}

function usageLine({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'no command given; see: xlvs --help';
  const line = message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return `${line}; see: xlvs --help`;
}

/** The error and its causes: verifier log (BpfError has one) and stack. */
function* background(error: unknown): Generator<string> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { log, stack = '' } = cause as Error & { readonly log?: unknown };
    if (typeof log === 'string' && log !== '') yield log.trimEnd();
    yield stack;
  }
}
