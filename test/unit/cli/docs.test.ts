// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMANDS, GLOBAL_OPTIONS } from '../../../src/cli/command-table.ts';
import { configJsonSchema } from '../../../src/config/config-json-schema.ts';
import { fakeWorld } from './fake-world.ts';
import { sampleRouter } from './sample-router.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...keysOf(item)]);
}

describe('docs/json.md', () => {
  const docs = read('docs/json.md');
  const sections = new Map(docs.split('\n## ').map((section) => [/^`xlvs (\w+) --json`/.exec(section)?.[1], section]));
  const shared = ['services', 'servers'];

  test.each(['services', 'servers', 'connections', 'persistence', 'marks', 'status'])(
    'describes every field of %s',
    async (noun) => {
      const { out } = await fakeWorld({ router: sampleRouter() }).run(`${noun} --json`);
      const inherited = noun === 'status' || shared.includes(noun) ? shared : [];
      const text = [noun, ...inherited].map((name) => sections.get(name)).join('\n');
      const parsed = JSON.parse(out);
      const { drops: _drops, passes: _passes, events: _events, ...rest } = parsed;
      const keys = new Set(keysOf(Array.isArray(parsed) ? parsed : rest));
      expect(keys.size).toBeGreaterThan(5);
      for (const key of keys) expect(text).toContain(`\`${key}\``);
    },
  );
});

describe('the man page', () => {
  const page = read('packaging/xlvs.8');
  /** as a reader sees it: no macros, no escapes */
  const plain = page
    .replaceAll('\\-', '-')
    .replace(/^\.\w+ ?/gm, '')
    .replaceAll('"', '');

  test('has a section for every command and for nothing else', () => {
    const listed = [...page.matchAll(/^\.SS ([a-z]+)/gm)].map(([, name]) => name);
    expect(listed).toEqual(COMMANDS.map(({ name }) => name));
  });

  test.each(COMMANDS)('shows how $name is called', ({ name, arguments: args = [], options = [] }) => {
    const section = plain.slice(plain.indexOf(`\n${name}\n`) + 1).split('\n')[1] ?? '';
    const parts = [...args.map((argument) => argument.name), ...options.map(({ flags }) => `[${flags}]`)];
    expect(section).toBe(['xlvs', name, ...parts].join(' '));
  });

  test('explains every table of the config, with its default', () => {
    const [, section = ''] = /\n\.SH TABLES\n(.*?)\n\.SH /s.exec(page.replaceAll('\\-', '-')) ?? [];
    const { properties } = (configJsonSchema() as { properties: { tables: { properties: Record<string, unknown> } } })
      .properties.tables;
    expect([...section.matchAll(/^\.B (.+)$/gm)].map(([, name]) => name)).toEqual(Object.keys(properties));
    const defaults = Object.values(properties).map((of) => (of as { default?: number }).default);
    for (const number of defaults) if (number) expect(section).toContain(`The default is ${number}.`);
  });

  test('explains every option', () => {
    const flags = [...GLOBAL_OPTIONS, ...COMMANDS.flatMap(({ options = [] }) => options)].map((option) => option.flags);
    for (const flag of new Set(flags)) expect(plain).toContain(`\n${flag}\n`);
  });
});

test('the bash completion knows every command and every option', () => {
  const completion = read('packaging/xlvs.bash');
  const words = new Set(completion.split(/[\s'"=()|;]+/));
  for (const { name, options = [] } of COMMANDS) {
    expect(words).toContain(name);
    for (const { flags } of options) expect(words).toContain(flags.split(' ')[0]);
  }
});
