// SPDX-License-Identifier: MIT
// An error as the lines a user reads: what, why, cure. Decides no exit status and prints nothing.
import { XlvsError } from '../model/xlvs-error.ts';

/** A config file that cannot be used: all that is wrong with it, `file:line:column: ...` each. */
export class ConfigProblems extends Error {
  override readonly name = 'ConfigProblems';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** At least one line. Findings that belong to an error stand below it, indented. */
export function errorLines(error: unknown): readonly string[] {
  if (error instanceof ConfigProblems) return error.lines;
  if (error instanceof XlvsError) return [error.line, ...error.details.map((detail) => `  ${detail}`)];
  if (error instanceof Error) return [oneLine(error.message)];
  return [oneLine(String(error))];
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
