// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-table.ts';
import { VERSION } from '../../../src/cli/version.ts';
import { XlvsError } from '../../../src/model/xlvs-error.ts';
import { fakeWorld, GOOD_FILE } from './fake-world.ts';
import { sampleRouter } from './sample-router.ts';

const xlvs = (line: string) => fakeWorld({ router: sampleRouter() }).run(line);

describe('wrong usage is exit status 2 and one line:', () => {
  test.each([
    ['', 'xlvs: no command given; see: xlvs --help'],
    ['stats', "xlvs: unknown command 'stats' (Did you mean status?); see: xlvs --help"],
    ['services --jsn', "xlvs: unknown option '--jsn' (Did you mean --json?); see: xlvs --help"],
    ['services web', "xlvs: too many arguments for 'services'. Expected 0 arguments but got 1; see: xlvs --help"],
    ['drain web', "xlvs: missing required argument 'SERVER'; see: xlvs --help"],
    ['up --config', "xlvs: option '--config <FILE>' argument missing; see: xlvs --help"],
  ])('xlvs %s', async (line, message) => {
    expect(await xlvs(line)).toEqual({ status: 2, out: '', err: `${message}\n` });
  });
});

describe('help', () => {
  test('of the program lists every command', async () => {
    const { status, out, err } = await xlvs('--help');
    expect([status, err]).toEqual([0, '']);
    for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test.each(COMMANDS.map(({ name }) => name))(
    'of %s names its arguments, its options and the global ones',
    async (name) => {
      const { status, out } = await xlvs(`help ${name}`);
      expect(status).toBe(0);
      const command = COMMANDS.find((one) => one.name === name);
      const words = [
        ...(command?.arguments ?? []).map((argument) => `<${argument.name}>`),
        ...(command?.options ?? []).map(({ flags }) => flags.split(' ')[0] ?? ''),
      ];
      for (const word of [...words, '--pins <DIR>', '--verbose', '--help']) expect(out).toContain(word);
    },
  );
});

describe('a raw command', () => {
  test('has all behind its name to itself, --help and what looks like global options included', async () => {
    expect((await xlvs('ipvsadm --help')).out).toMatch(/^ipvsadm v1\.31/);
    expect(await xlvs('ipvsadm -Ln --pins /a')).toEqual({ status: 255, out: '', err: '--pins: unknown option\n' });
  });

  test('takes the global options before its name', async () => {
    const { run, calls } = fakeWorld({ router: sampleRouter() });
    expect((await run('--pins /a --verbose ipvsadm -Ln')).status).toBe(0);
    expect(calls).toEqual(['openRouter /a']);
  });

  test('is no other word that stands behind another command', async () => {
    expect(await xlvs('services ipvsadm')).toMatchObject({ status: 2, out: '' });
  });
});

describe('pins', () => {
  const pinsOf = async (line: string, env: Record<string, string> = {}) => {
    const { run, calls } = fakeWorld({ router: sampleRouter(), env });
    await run(line);
    return calls[0];
  };

  test('are the default ones, those of XLVS_PINS, or those of --pins before or behind the command', async () => {
    expect(await pinsOf('services')).toBe('openRouter /sys/fs/bpf/xlvs');
    expect(await pinsOf('services', { XLVS_PINS: '/a' })).toBe('openRouter /a');
    expect(await pinsOf('services --pins /b', { XLVS_PINS: '/a' })).toBe('openRouter /b');
    expect(await pinsOf('--pins /b services')).toBe('openRouter /b');
    expect(await pinsOf('services', { XLVS_PINS: '' })).toBe('openRouter /sys/fs/bpf/xlvs');
  });

  test('are one path, however it is written', async () => {
    for (const path of ['/a/b', '/a/../a/b', '/a//b/', '/a/./b']) {
      expect(await pinsOf(`services --pins ${path}`)).toBe('openRouter /a/b');
      expect(await pinsOf('services', { XLVS_PINS: path })).toBe('openRouter /a/b');
    }
    expect(await pinsOf('services --pins a')).toBe(`openRouter ${process.cwd()}/a`);
  });

  test('named by an empty --pins are wrong usage', async () => {
    const { run } = fakeWorld({ router: sampleRouter() });
    expect(await run('services --pins=')).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^xlvs: --pins .*; /),
    });
  });
});

describe('an error', () => {
  const cause = Object.assign(new Error('program load xlvs: invalid access (EACCES)'), {
    log: '0: R1=ctx()\n1: bad\n',
  });
  const bringUp = () =>
    Promise.reject(new XlvsError('refused', 'the kernel refused the program', 'see --verbose', cause));
  const failing = () => fakeWorld({ files: { f: GOOD_FILE }, control: { bringUp } });

  test('is one line with its cure', async () => {
    const { status, err } = await failing().run('up --config f');
    expect([status, err]).toEqual([1, 'xlvs: the kernel refused the program; see --verbose\n']);
  });

  test('tells the verifier log with --verbose', async () => {
    const { err } = await failing().run('up --config f --verbose');
    expect(err).toContain('\n0: R1=ctx()\n1: bad\n');
    expect(err).toContain('run-cli.test.ts');
  });

  test('that nobody foresaw is one line too', async () => {
    const control = { bringUp: () => Promise.reject(new Error('first\n  second')) };
    const { status, err } = await fakeWorld({ files: { f: GOOD_FILE }, control }).run('up --config f');
    expect([status, err]).toEqual([1, 'xlvs: first second\n']);
  });
});

test('--version is the version of package.json', async () => {
  expect(await xlvs('--version')).toEqual({ status: 0, out: '1.2.3\n', err: '' });
  expect(VERSION).toBe(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version);
});
