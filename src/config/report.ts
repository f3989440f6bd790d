// SPDX-License-Identifier: MIT
// Collects the problems and warnings of one file, each at its place. Judges nothing.

import type { Position } from './line-index.ts';
import { formatPath, type Path } from './path.ts';
import type { Problem } from './problem.ts';
import type { SyntaxFault, YamlSource } from './yaml-source.ts';

export interface Finding {
  /** after "accepted:" */
  readonly accepted: string;
  /** after "found"; by default what stands at the path */
  readonly found?: string;
  /** why it cannot be so, if the two do not say it */
  readonly because?: string;
  /** which part of the entry the position is of */
  readonly part?: 'key' | 'value';
}

export class Report {
  readonly #file: string;
  readonly #source: YamlSource;
  readonly #problems = new Map<string, Problem>();
  readonly #warnings = new Map<string, Problem>();

  constructor(file: string, source: YamlSource) {
    this.#file = file;
    this.#source = source;
    for (const fault of source.faults) add(this.#problems, this.#syntaxProblem(fault));
  }

  /** What makes the file unusable. The same finding twice counts once. */
  error(path: Path, finding: Finding): void {
    add(this.#problems, this.#problem(path, finding));
  }

  /** What is legal and probably not meant. */
  warn(path: Path, finding: Finding): void {
    add(this.#warnings, this.#problem(path, finding));
  }

  /** `services[0].port, line 12`: how one place is named in a problem at another. */
  place(path: Path): string {
    return `${formatPath(path)}, line ${this.#source.locate(path).line}`;
  }

  /** In the order of the file. */
  get problems(): readonly Problem[] {
    return inFileOrder(this.#problems);
  }

  get warnings(): readonly Problem[] {
    return inFileOrder(this.#warnings);
  }

  #problem(path: Path, finding: Finding): Problem {
    const found = finding.found ?? this.#source.describe(path);
    const reason = finding.because ? ` (${finding.because})` : '';
    const message = `found ${found}${reason}, accepted: ${finding.accepted}`;
    const position = this.#source.locate(path, finding.part);
    return { file: this.#file, ...position, path: formatPath(path), found, accepted: finding.accepted, message };
  }

  #syntaxProblem({ found, accepted, ...position }: SyntaxFault & Position): Problem {
    return {
      file: this.#file,
      ...position,
      path: '',
      found,
      accepted,
      message: `found ${found}, accepted: ${accepted}`,
    };
  }
}

function add(problems: Map<string, Problem>, problem: Problem): void {
  problems.set(`${problem.line}:${problem.column}:${problem.path}:${problem.message}`, problem);
}

function inFileOrder(problems: Map<string, Problem>): readonly Problem[] {
  return [...problems.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
