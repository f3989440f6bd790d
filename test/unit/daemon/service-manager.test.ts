// SPDX-License-Identifier: MIT
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { notifyServiceManager, watchdogInterval } from '../../../src/daemon/service-manager.ts';
import { until } from './fake-daemon.ts';

const PATH = process.env.PATH ?? '';
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'xlvs-notify-'));
  const command = join(directory, 'systemd-notify');
  writeFileSync(
    command,
    `#!/bin/sh\necho "$NOTIFY_SOCKET $*" > ${directory}/told.new && mv ${directory}/told.new ${directory}/told\n`,
  );
  chmodSync(command, 0o755);
  process.env.PATH = `${directory}:${PATH}`;
});

afterEach(() => {
  process.env.PATH = PATH;
  rmSync(directory, { recursive: true });
});

test('the service manager is told by systemd-notify', async () => {
  const told = join(directory, 'told');
  notifyServiceManager({ ...process.env, NOTIFY_SOCKET: '/run/n' }, 'READY=1');
  await until(() => existsSync(told));
  expect(readFileSync(told, 'utf8')).toBe('/run/n READY=1\n');
});

test('without a service manager nobody is told', async () => {
  notifyServiceManager({ ...process.env, NOTIFY_SOCKET: undefined }, 'READY=1');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(existsSync(join(directory, 'told'))).toBe(false);
});

test('the watchdog hears of us twice as often as it asks', () => {
  expect(watchdogInterval({ WATCHDOG_USEC: '60000000' })).toBe(30_000);
  expect(watchdogInterval({})).toBeUndefined();
  expect(watchdogInterval({ WATCHDOG_USEC: 'x' })).toBeUndefined();
});
