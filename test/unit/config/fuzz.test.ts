// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { configToYaml } from '../../../src/config/config-to-yaml.ts';
import { describeConfig } from '../../../src/config/describe-config.ts';
import { formatProblem } from '../../../src/config/problem.ts';
import { type ConfigResult, readConfig } from '../../../src/config/read-config.ts';
import { EXAMPLE, INTERFACES, withService } from './config-text.ts';

const SEED = 0x2f6e2b1;
const CASES = 2000;

const FILES = [
  EXAMPLE,
  withService('name: a, protocol: udp, address: 192.0.2.10, port: 0, persistence: { prefix: 24 }'),
  `${INTERFACES}services:\n  - &a { name: a, mark: 1, servers: &s [{ address: 10.0.0.1 }] }\n  - { <<: *a, name: b, mark: 2, servers: *s }\n`,
];

/** Values and syntax that users, or their editors, put in the wrong place. */
const TOKENS =
  '0 -1 65536 4294967296 1e309 0x50 .nan ~ null true any 10.0.0.1 10.0.0.0/8 ::1 2001:db8::/32 sctp mh 300s 5m [] {} [[]] {a:1} ' +
  '- : , [ ] { } " \' # & * &x *x *s <<: --- ... %YAML !!int !x | > \\ @ ` __proto__: constructor: name: mark: servers: services: port:';
const PIECES = [
  ...TOKENS.split(' '),
  '\t',
  '\n',
  '\r',
  '\u0000',
  '\u001b[2J',
  '\u2028',
  '\ud800',
  '😀',
  'x'.repeat(300),
];

/** A small seeded generator (mulberry32), 0 <= n < limit. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

type Mutation = (text: string, random: (limit: number) => number) => string;

const splice = (text: string, at: number, length: number, piece: string) =>
  text.slice(0, at) + piece + text.slice(at + length);
const pieceOf = (random: (limit: number) => number) => PIECES[random(PIECES.length)] ?? '';
const onLines =
  (change: (lines: string[], at: number, random: (limit: number) => number) => void): Mutation =>
  (text, random) => {
    const lines = text.split('\n');
    change(lines, random(lines.length), random);
    return lines.join('\n');
  };

const MUTATIONS: readonly Mutation[] = [
  (text, random) => splice(text, random(text.length + 1), random(4), ''),
  (text, random) => splice(text, random(text.length + 1), random(2), pieceOf(random)),
  (text, random) => splice(text, random(text.length + 1), 0, String.fromCharCode(random(256))),
  (text, random) => text.slice(0, random(text.length + 1)),
  (text, random) => {
    const words = [...text.matchAll(/[\w./-]+/g)];
    const word = words[random(Math.max(words.length, 1))];
    return word ? splice(text, word.index, word[0].length, pieceOf(random)) : text;
  },
  onLines((lines, at) => lines.splice(at, 1)),
  onLines((lines, at) => lines.splice(at, 0, lines[at] ?? '')),
  onLines((lines, at, random) => lines.splice(at, 1, `${' '.repeat(random(4))}${lines[at]}`)),
  onLines((lines, at, random) => lines.splice(random(lines.length), 0, ...lines.slice(at, at + 3))),
];

function mutate(random: (limit: number) => number): string {
  let text = FILES[random(FILES.length)] ?? '';
  for (let n = random(4) + 1; n > 0; n--) text = MUTATIONS[random(MUTATIONS.length)]?.(text, random) ?? text;
  return text;
}

/** Every answer is either a config that survives being written and read, or problems one can act on. */
function expectAnswer(result: ConfigResult, text: string): void {
  const lines = text.split('\n').length + [...text].filter((c) => c === '\r').length;
  for (const problem of [...(result.problems ?? []), ...result.warnings]) {
    const line = formatProblem(problem);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a problem is one line that cannot steer a terminal
    if (!/^f:\d+:\d+: .*found .+, accepted: .+$/.test(line) || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line))
      expect.fail(line);
    if (problem.line < 1 || problem.line > lines || problem.column < 1) expect.fail(`${line} is not in the file`);
  }
  if (!result.config) {
    expect(result.problems.length).toBeGreaterThan(0);
    return;
  }
  expect(result.problems).toBeUndefined();
  expect(describeConfig(result.config)).toContain('interfaces\n');
  expect(readConfig(configToYaml(result.config), 'again').config).toEqual(result.config);
}

it(`answers ${CASES} mutated files with a config or with problems, and never throws`, () => {
  const random = generator(SEED);
  let valid = 0;
  for (let n = 0; n < CASES; n++) {
    const text = mutate(random);
    try {
      const result = readConfig(text, 'f');
      expectAnswer(result, text);
      if (result.config) valid++;
    } catch (error) {
      throw new Error(`case ${n} of seed ${SEED}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
  // Both kinds must occur, or the mutations test nothing.
  expect(valid).toBeGreaterThan(CASES / 20);
  expect(valid).toBeLessThan((CASES * 3) / 4);
});
