// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as library from '../lib/index.ts';
import { BpfMap, BpfObject, Link, Program, RingBuffer } from '../lib/index.ts';
import { bundleFile, compileFile, output } from './lab.ts';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');

/** The first block of code in a language. */
function code(language: string): string {
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme);
  return found?.[1] ?? '';
}

describe('the README', () => {
  test('has an example that works', async () => {
    const [source, script] = [join(output, 'packets.bpf.c'), join(output, 'readme.ts')];
    writeFileSync(source, code('c'));
    writeFileSync(script, code('ts'));
    compileFile(source, join(output, 'packets.bpf.o'));
    const bundle = bundleFile(script, 'readme');
    const example = spawn('unshare', ['--net', process.execPath, bundle], { cwd: dirname(bundle) });
    try {
      let text = '';
      for await (const chunk of example.stdout) {
        text += chunk;
        if (/\d+ packets/.test(text)) break;
      }
      expect(text).toMatch(/^verdict 2\n\d+ packets\n$/);
      example.kill('SIGINT');
      expect(await once(example, 'exit')).toEqual([0, null]);
    } finally {
      example.kill('SIGKILL');
    }
  });

  test('names everything that is exported', () => {
    for (const name of Object.keys(library)) expect(readme).toContain(`\`${name}`);
  });

  test.each([BpfObject, BpfMap, Program, Link, RingBuffer])('names every member of %o', ({ name, prototype }) => {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    const members = Object.getOwnPropertyNames(prototype).filter(
      (member) => !['constructor', 'close'].includes(member),
    );
    for (const member of members) expect(row).toContain(`\`${member}`);
  });
});
