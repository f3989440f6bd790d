// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { Control } from '../../../src/cli/world.ts';
import type { DaemonOptions } from '../../../src/daemon/daemon-options.ts';
import { XlvsError } from '../../../src/model/xlvs-error.ts';
import { BAD_FILE, fakeWorld, type Given, GOOD_FILE } from './fake-world.ts';
import { sampleRouter } from './sample-router.ts';

const files = { 'good.yaml': GOOD_FILE, 'bad.yaml': BAD_FILE, '/etc/xlvs/xlvs.yaml': GOOD_FILE };
const world = (given: Given = {}) => fakeWorld({ router: sampleRouter(), files, ...given });

describe('check', () => {
  test('says what a good file would do, and touches nothing', async () => {
    const { run, calls } = world();
    const { status, out, err } = await run('check good.yaml');
    expect([status, err, calls]).toEqual([0, '', []]);
    expect(out).toContain('web: tcp 192.0.2.10:8080, wlc');
  });

  test('reports every error, one line each, with exit status 2', async () => {
    const { status, out, err } = await world().run('check bad.yaml');
    expect([status, out]).toEqual([2, '']);
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^bad\.yaml:2:\d+: interfaces\[0\]\.role: found "outside", accepted: /),
      expect.stringMatching(/^bad\.yaml:6:\d+: services\[0\]\.address: found "192\.0\.2\.999", accepted: /),
    ]);
  });

  test('a file that is not there is wrong usage', async () => {
    const { status, err } = await world().run('check none.yaml');
    expect([status, err]).toEqual([2, 'xlvs: cannot read none.yaml: there is no such file; name a config file\n']);
  });
});

describe.each(['up --config', 'apply', 'diff'])('%s', (verb) => {
  test('with a wrong file changes nothing', async () => {
    const { run, calls } = world();
    expect((await run(`${verb} bad.yaml`)).status).toBe(2);
    expect(calls).toEqual([]);
  });
});

describe('up', () => {
  test('lists what changed and tells the mode with its reason', async () => {
    const { status, out } = await world().run('up');
    expect([status, out]).toEqual([0, '+ service web\nup: data plane fresh, XDP native (every interface can)\n']);
  });

  test('prints all findings of control below its one line', async () => {
    const bringUp = async () => {
      throw new XlvsError('refused', 'this machine is not ready', 'nothing was changed', undefined, [
        'eth0: down',
        'eth1: down',
      ]);
    };
    const { status, err } = await world({ control: { bringUp } }).run('up');
    expect([status, err]).toEqual([
      1,
      'xlvs: this machine is not ready; nothing was changed\n  eth0: down\n  eth1: down\n',
    ]);
  });
});

describe('diff and apply', () => {
  test('print one line per difference', async () => {
    const lines = ['~ server 10.0.0.1:80 of web: weight 0 -> 1', '+ service dns'];
    const control = { differences: () => lines, applyFile: async () => lines };
    expect(await world({ control }).run('diff good.yaml')).toMatchObject({ status: 0, out: `${lines.join('\n')}\n` });
    expect(await world({ control }).run('apply good.yaml')).toMatchObject({ status: 0, out: `${lines.join('\n')}\n` });
  });

  test('are about the same pins', async () => {
    const control: Partial<Control> = {
      differences: (_router, _config, pins) => [`diff ${pins}`],
      applyFile: async (_config, { pins }) => [`apply ${pins}`],
    };
    for (const verb of ['diff', 'apply'])
      expect((await world({ control }).run(`${verb} good.yaml --pins /p`)).out).toBe(`${verb} /p\n`);
  });

  test('say so when there is nothing to do', async () => {
    expect(await world().run('diff good.yaml')).toMatchObject({ status: 0, out: 'no differences\n' });
    expect(await world().run('apply good.yaml')).toMatchObject({ status: 0, out: 'nothing to change\n' });
  });
});

describe('drain and undrain', () => {
  test('change under the lock and show what is left', async () => {
    const { run, calls } = world();
    expect((await run('drain web 10.0.0.1:80 --pins /p')).out).toBe(
      'web 10.0.0.1:80: weight 2 -> 0; 1 active and 3 inactive connections, 1 persistence entry\n',
    );
    expect(calls).toEqual(['openRouter /p', 'lock /p', 'openRouter /p']);
    expect((await run('undrain web 10.0.0.1:80')).out).toMatch(/^web 10\.0\.0\.1:80: weight 0 -> 2; /);
  });

  test('take no lock where there is no router', async () => {
    const { run, calls } = fakeWorld();
    expect((await run('drain web 10.0.0.1')).status).toBe(1);
    expect(calls).toEqual(['openRouter /sys/fs/bpf/xlvs']);
  });
});

describe('down', () => {
  test('stops the daemon first and keeps its place until all is removed', async () => {
    const { run, calls } = world();
    const { status, out } = await run('down');
    expect([status, out]).toEqual([0, 'stopped the daemon (pid 42)\nremoved XDP from eth0\n']);
    expect(calls).toEqual(['stopDaemon /sys/fs/bpf/xlvs', 'bringDown /sys/fs/bpf/xlvs', 'release']);
  });

  test('with nothing there is done, and says so', async () => {
    const control = {
      stopDaemon: async () => ({ pid: undefined, release: () => {} }),
      bringDown: async () => ({ removed: [] }),
    };
    const { status, out } = await world({ control }).run('down');
    expect([status, out]).toEqual([0, 'nothing to take down: nothing is pinned at /sys/fs/bpf/xlvs\n']);
  });

  test('gives the place back when it fails', async () => {
    const bringDown = async () => Promise.reject(new XlvsError('refused', 'no', 'run as root'));
    const { run, calls } = world({ control: { bringDown } });
    expect((await run('down')).status).toBe(1);
    expect(calls.at(-1)).toBe('release');
  });
});

describe('reload', () => {
  const answering = (verdict: 'applied' | 'refused', lines: string[]) =>
    world({ control: { askDaemon: async () => ({ pid: 42, verdict, lines }) } });

  test('applied is exit status 0 with what changed', async () => {
    expect(await answering('applied', ['+ service dns']).run('reload')).toEqual({
      status: 0,
      out: '+ service dns\n',
      err: '',
    });
    expect((await answering('applied', []).run('reload')).out).toBe('nothing to change\n');
  });

  test('refused is exit status 2 with the errors', async () => {
    expect(await answering('refused', ['xlvs.yaml:1:1: no']).run('reload')).toEqual({
      status: 2,
      out: '',
      err: 'xlvs.yaml:1:1: no\nxlvs: reload refused: the old config stays in force\n',
    });
  });

  test('no daemon is exit status 1', async () => {
    const { status, err } = await world().run('reload --pins /p');
    expect([status, err]).toEqual([1, 'xlvs: no daemon runs on /p; start one: xlvs run, or use xlvs apply FILE\n']);
  });
});

describe('run', () => {
  test('hands the daemon pins and a file it can read again', async () => {
    const started: DaemonOptions[] = [];
    const runDaemon = async (options: DaemonOptions) => void started.push(options);
    expect((await world({ world: { runDaemon } }).run('run --config good.yaml --pins /p')).status).toBe(0);
    expect(started[0]).toMatchObject({ pins: '/p', objectFile: '/lib/xlvs.bpf.o', version: '1.2.3' });
    expect(started[0]?.loadConfig().config.services[0]?.name).toBe('web');
  });

  test('refuses a log level that is none', async () => {
    expect((await world().run('run --log-level loud')).status).toBe(2);
  });
});

test('demo has the exit status of what it showed', async () => {
  expect((await world().run('demo')).status).toBe(1);
});
