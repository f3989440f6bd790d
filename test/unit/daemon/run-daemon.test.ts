// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { askDaemon } from '../../../src/daemon/ask-daemon.ts';
import type { DaemonControl } from '../../../src/daemon/daemon-world.ts';
import { ConfigProblems } from '../../../src/daemon/error-lines.ts';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import { XlvsError } from '../../../src/model/xlvs-error.ts';
import { configOf, ETH0, FakeDaemon, until } from './fake-daemon.ts';

let daemon: FakeDaemon;

async function started(control: Partial<DaemonControl> = {}): Promise<FakeDaemon> {
  daemon = new FakeDaemon(control);
  await daemon.start();
  return daemon;
}

const status = async (path: string, port = daemon.metricsPort) =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).status;
const messages = () => daemon.log.map(({ msg }) => msg);

afterEach(() => daemon.stop());

describe('a start', () => {
  test('claims the pins, resumes, then is ready', async () => {
    await started();
    expect(daemon.happened).toEqual(['claim', 'resume', 'READY=1']);
    expect(messages()).toEqual(['+ service web', 'ready']);
    expect(daemon.log.at(-1)).toMatchObject({ mode: 'native', modeReason: 'every interface can' });
    expect([await status('/metrics'), await status('/healthz')]).toEqual([200, 200]);
  });

  test('leaves its sign of life at once', async () => {
    await started();
    expect(daemon.router.daemonPid()).toBe(42);
  });

  test('logs the warnings of the file', async () => {
    daemon = new FakeDaemon();
    daemon.loadConfig = () => ({ config: configOf(), warnings: ['f:1:1: no rule sets mark 7'] });
    await daemon.start();
    expect(messages()).toContain('f:1:1: no rule sets mark 7');
  });

  test('with a wrong file claims nothing', async () => {
    daemon = new FakeDaemon();
    daemon.loadConfig = () => {
      throw new ConfigProblems(['f:1:1: no']);
    };
    await expect(daemon.start()).rejects.toThrow(ConfigProblems);
    expect(daemon.happened).toEqual([]);
  });

  test('with the metrics port taken changes nothing and gives its claim back', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    daemon = new FakeDaemon();
    daemon.loadConfig = () => ({ config: configOf({ metrics: { host: '127.0.0.1', port } }), warnings: [] });
    await expect(daemon.start()).rejects.toThrow(`cannot serve metrics at 127.0.0.1:${port}`);
    expect(daemon.happened).toEqual(['claim', 'release']);
    other.close();
  });

  test('beside another daemon is an error that names its pid', async () => {
    await started();
    const second = new FakeDaemon({ claimDaemon: () => undefined, daemonSocketPath: () => daemon.socketPath });
    await expect(second.start()).rejects.toThrow('another daemon (pid 42) holds /pins');
    expect(second.happened).toEqual([]);
    await second.stop();
  });

  test('that control refuses closes everything again', async () => {
    daemon = new FakeDaemon({
      resume: () => Promise.reject(new XlvsError('refused', 'no such device', 'name another')),
    });
    await expect(daemon.start()).rejects.toThrow('no such device');
    expect(daemon.happened).toEqual(['claim', 'release']);
    expect(existsSync(daemon.socketPath)).toBe(false);
  });
});

describe('SIGTERM', () => {
  test('closes socket, metrics and router, and gives the claim back last', async () => {
    await started();
    const port = daemon.metricsPort;
    daemon.signal('SIGTERM');
    await until(() => daemon.happened.includes('release'));
    expect(daemon.happened.slice(3)).toEqual(['STOPPING=1', 'unwatch', 'release']);
    expect(daemon.router.isClosed).toBe(true);
    expect(existsSync(daemon.socketPath)).toBe(false);
    await expect(status('/metrics', port)).rejects.toThrow();
  });

  test('waits for the work in hand', async () => {
    let finish = () => {};
    const resume = () =>
      new Promise<never>((_, reject) => {
        finish = () => reject(new XlvsError('refused', 'ended', 'by the test'));
      });
    daemon = new FakeDaemon({ resume });
    const start = daemon.start();
    await until(() => daemon.happened.includes('claim'));
    daemon.signal('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(daemon.happened).not.toContain('release');
    finish();
    await expect(start).rejects.toThrow('ended');
    expect(daemon.happened.at(-1)).toBe('release');
  });
});

describe('a reload', () => {
  const reload = () => askDaemon(daemon.socketPath, { request: 'reload' });

  test('hands control the new file and answers what changed', async () => {
    const given: unknown[] = [];
    const control = {
      reload: async (...[to]: Parameters<DaemonControl['reload']>) => {
        given.push(to.timeouts.udp);
        return ['~ timeouts: udp 300 -> 7'];
      },
    };
    await started(control);
    daemon.loadConfig = () => ({ config: configOf({ timeouts: { tcp: 900, tcpfin: 120, udp: 7 } }), warnings: [] });
    expect(await reload()).toEqual({ pid: 42, verdict: 'applied', lines: ['~ timeouts: udp 300 -> 7'] });
    await reload();
    expect(given).toEqual([7, 7]);
  });

  test('of a wrong file is refused with all errors, and control never hears of it', async () => {
    await started();
    daemon.loadConfig = () => {
      throw new ConfigProblems(['f:1:1: no', 'f:2:2: neither']);
    };
    expect(await reload()).toEqual({ pid: 42, verdict: 'refused', lines: ['f:1:1: no', 'f:2:2: neither'] });
    expect(daemon.happened).not.toContain('reload');
    expect(await status('/healthz')).toBe(200);
  });

  test('that control refuses leaves the old config in force', async () => {
    const inForce: number[] = [];
    await started({
      reload: () => Promise.reject(new XlvsError('refused', 'eth9 is no device', 'name another')),
      restoreAttachments: async ({ timeouts }) => [String(inForce.push(timeouts.udp))],
    });
    daemon.loadConfig = () => ({ config: configOf({ timeouts: { tcp: 900, tcpfin: 120, udp: 7 } }), warnings: [] });
    expect(await reload()).toMatchObject({ verdict: 'refused', lines: ['eth9 is no device; name another'] });
    daemon.change('link');
    await until(() => inForce.length > 0);
    expect(inForce).toEqual([300]);
  });

  test('by SIGHUP is the same, and logged', async () => {
    await started();
    daemon.signal('SIGHUP');
    await until(() => messages().includes('reloaded: nothing changed'));
    expect(daemon.happened).toContain('reload');
  });

  test('moves the metrics endpoint', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    await started();
    const old = daemon.metricsPort;
    daemon.loadConfig = () => ({ config: configOf({ metrics: { host: '127.0.0.1', port } }), warnings: [] });
    expect(await reload()).toMatchObject({
      verdict: 'applied',
      lines: [`~ metrics: listen 127.0.0.1:0 -> 127.0.0.1:${port}`],
    });
    expect(await status('/healthz', port)).toBe(200);
    await expect(status('/healthz', old)).rejects.toThrow();
  });

  test('to a metrics port already taken is refused before control hears of it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await started();
    daemon.loadConfig = () => ({ config: configOf({ metrics: { host: '127.0.0.1', port } }), warnings: [] });
    expect(await reload()).toMatchObject({ verdict: 'refused' });
    expect(daemon.happened).not.toContain('reload');
    other.close();
  });
});

describe('a change of the machine', () => {
  test.each(['route', 'neighbour'] as const)('of a %s gives up cached next hops and restores nothing', async (what) => {
    await started();
    daemon.change(what);
    expect(daemon.router.generation).toBe(1);
    expect(daemon.happened).not.toContain('restore');
  });

  test('gives them up once when whoever changes the router is through, and stops nothing else meanwhile', async () => {
    await started();
    daemon.isLocked = true;
    daemon.change('route');
    daemon.change('neighbour');
    daemon.signal('SIGHUP');
    await until(() => messages().includes('reloaded: nothing changed'));
    expect(daemon.router.generation).toBe(0);
    daemon.isLocked = false;
    await until(() => daemon.router.generation > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(daemon.router.generation).toBe(1);
  });

  test('is not waited with when the daemon ends', async () => {
    await started();
    daemon.isLocked = true;
    daemon.change('route');
    daemon.signal('SIGTERM');
    await until(() => daemon.happened.includes('release'));
    daemon.isLocked = false;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(daemon.router.generation).toBe(0);
  });

  test.each(['link', 'address'] as const)('of a %s restores what was lost', async (what) => {
    await started({ restoreAttachments: async () => ['~ interface eth0: attached (native)'] });
    daemon.change(what);
    await until(() => messages().includes('restored: ~ interface eth0: attached (native)'));
    expect(daemon.router.generation).toBe(1);
  });

  test('while a restore waits its turn asks for no second one', async () => {
    await started();
    daemon.change('link');
    daemon.change('link');
    daemon.change('address');
    await until(() => daemon.happened.includes('restore'));
    daemon.signal('SIGHUP');
    await until(() => daemon.happened.includes('reload'));
    expect(daemon.happened.filter((what) => what === 'restore')).toEqual(['restore']);
  });

  test('that cannot be mended is logged, and the daemon lives on', async () => {
    await started({
      restoreAttachments: () => Promise.reject(new XlvsError('missing', 'no device eth0', 'plug it in')),
    });
    daemon.change('link');
    await until(() => messages().includes('no device eth0; plug it in'));
    expect(await status('/healthz')).toBe(200);
  });

  test('that took the pins away has them made again', async () => {
    let isGone = false;
    const made = new MemoryDataPlane({ interfaces: [ETH0] });
    let current: MemoryDataPlane | undefined;
    await started({
      openRouter: () => {
        if (!isGone) return current ?? daemon.router;
        isGone = false;
        current = made;
        throw new XlvsError('missing', 'no router at /pins', 'xlvs up');
      },
    });
    daemon.router.writeDocument('machine', 'what xlvs added');
    isGone = true;
    daemon.change('link');
    await until(() => messages().includes('restored: + service web'));
    expect(daemon.happened.filter((what) => what === 'resume')).toHaveLength(2);
    expect(daemon.happened.filter((what) => what === 'claim')).toHaveLength(2);
    expect(made.readDocument('machine')).toBe('what xlvs added');
    expect(await askDaemon(daemon.socketPath, { request: 'who' })).toMatchObject({ pid: 42 });
  });
});
