// SPDX-License-Identifier: MIT
// What the documents say of commands, options, counters and the config is what there is.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { COMMANDS, GLOBAL_OPTIONS } from '../../src/cli/command-table.ts';
import { SWITCH_NAMES } from '../../src/config/ipvs-switches.ts';
import { readConfig } from '../../src/config/read-config.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const docs = readdirSync(new URL('docs/', root))
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`);
const DOCUMENTS = ['README.md', 'BENCHMARKS.md', 'CHANGELOG.md', ...docs];
const readme = read('README.md');

/** What stands in backquotes and in blocks of shell commands. */
const codeOf = (text: string): string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```/gms), ...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`]+)`/g)].flatMap(
    ([, code = '']) => code.split('\n'),
  );

/** Calls of xlvs in code, without what follows a comment sign: the command and the options behind it. */
const callsOf = (text: string): (readonly [command: string, options: string[]])[] =>
  codeOf(text).flatMap((line) => {
    const [, command, rest = ''] = /(?:^|[\s/])xlvs ([a-z]+)\b([^#]*)/.exec(line) ?? [];
    return command === undefined
      ? []
      : [[command, [...rest.matchAll(/ --[a-z-]+/g)].map(([flag]) => flag.trim())] as const];
  });

describe.each(DOCUMENTS)('%s', (file) => {
  const text = read(file);

  test('calls commands and options that there are', () => {
    const everywhere = [...GLOBAL_OPTIONS.map(({ flags }) => flags.split(' ')[0]), '--help'];
    for (const [name, flags] of callsOf(text)) {
      const command = COMMANDS.find((one) => one.name === name);
      expect(command?.name).toBe(name);
      const own = (command?.options ?? []).map((option) => option.flags.split(' ')[0]);
      if (name !== 'ipvsadm') expect([...own, ...everywhere]).toEqual(expect.arrayContaining(flags));
    }
  });

  test('leads to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, to = '']) => to);
    for (const to of links) expect(() => readFileSync(new URL(to, new URL(file, root)))).not.toThrow(/ENOENT/);
  });
});

describe('README.md', () => {
  test('names every command', () => {
    const words = new Set(codeOf(readme).flatMap((code) => code.split(/[\s,]+/)));
    for (const { name } of COMMANDS)
      expect([name, words.has(name) || readme.includes(`make ${name}`)]).toEqual([name, true]);
  });

  test('has a config that is right', () => {
    const [, yaml = ''] = /^```yaml\n(.*?)^```/ms.exec(readme) ?? [];
    expect(readConfig(yaml, 'README.md').problems ?? []).toEqual([]);
  });

  test('calls counters and switches by their names', () => {
    const counters = [abi.dropReasonNames, abi.passReasonNames, abi.eventNames].flatMap((names) =>
      Object.values(names),
    );
    const known = new Set<string>([...counters, ...SWITCH_NAMES, 'accept_local']);
    const named = codeOf(readme).flatMap((code) => /^[a-z]+(?:_[a-z]+)+(?=$|: \d)/.exec(code)?.[0] ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
