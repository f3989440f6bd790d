// SPDX-License-Identifier: MIT
// One thing wrong (or doubtful) in a config file, and its one-line form. Collects nothing, prints nothing.

export interface Problem {
  readonly file: string;
  /** from 1 */
  readonly line: number;
  /** from 1, in UTF-16 units */
  readonly column: number;
  /** `services[1].port`, '' for the file as a whole */
  readonly path: string;
  /** what stands there, safe to print */
  readonly found: string;
  /** what may stand there */
  readonly accepted: string;
  /** both in one sentence, with the reason where there is one */
  readonly message: string;
}

/** `xlvs.yaml:12:9: services[1].port: found "http", accepted: a number 0..65535` */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return problem.path ? `${place}: ${problem.path}: ${problem.message}` : `${place}: ${problem.message}`;
}
