// SPDX-License-Identifier: MIT
// What must hold of every answer to a file, whatever the file says.
import { isDeepStrictEqual } from 'node:util';
import { configToYaml } from '../../../../src/config/config-to-yaml.ts';
import { describeConfig } from '../../../../src/config/describe-config.ts';
import { formatProblem, type Problem } from '../../../../src/config/problem.ts';
import { type ConfigResult, readConfig } from '../../../../src/config/read-config.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: a problem is one line that cannot steer a terminal
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const SHAPE = /^f:\d+:\d+: .*found .+, accepted: .+$/;

/** Reads `text`. Throws when the answer is neither a config that survives being written and read, nor problems to act on. */
export function answerTo(text: string): ConfigResult {
  const result = readConfig(text, 'f');
  const lines = text.split('\n');
  for (const problem of [...(result.problems ?? []), ...result.warnings]) checkProblem(problem, lines);
  if (!result.config) {
    if (result.problems.length === 0) throw new Error('neither a config nor a problem');
    return result;
  }
  if (result.problems) throw new Error('a config and problems');
  describeConfig(result.config);
  const again = readConfig(configToYaml(result.config), 'again');
  if (!isDeepStrictEqual(again.config, result.config))
    throw new Error(`written and read again: ${JSON.stringify(again)}, first ${JSON.stringify(result.config)}`);
  return result;
}

/** One line that names something, at a place that the text has. */
function checkProblem(problem: Problem, lines: readonly string[]): void {
  const line = formatProblem(problem);
  if (!SHAPE.test(line)) throw new Error(`does not say what it found: ${JSON.stringify(line)}`);
  if (UNSAFE.test(line)) throw new Error(`not safe to print: ${JSON.stringify(line)}`);
  const width = lines[problem.line - 1]?.length;
  if (width === undefined || problem.column < 1 || problem.column > width + 1)
    throw new Error(`not in the file, which has ${lines.length} lines, this one ${width} columns: ${line}`);
}

/** What a file comes to, without where in the file it says so and how. */
export function meaningOf({ config, problems, warnings }: ConfigResult): unknown {
  const paths = (list: readonly Problem[]) => list.map(({ path, accepted }) => `${path}: ${accepted}`).sort();
  return config ? { config, warnings: paths(warnings) } : { problems: paths(problems), warnings: paths(warnings) };
}
