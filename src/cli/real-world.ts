// SPDX-License-Identifier: MIT
// The world as it is: this process, its files, and control when a command asks for it.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLog } from '../daemon/create-log.ts';
import type { Output } from './output.ts';
import { realResolver } from './real-resolver.ts';
import { VERSION } from './version.ts';
import type { World } from './world.ts';

export function realWorld(): World {
  const { env, stdout, stderr } = process;
  return {
    stdout: outputOf(stdout),
    stderr: outputOf(stderr),
    env,
    version: VERSION,
    objectFile: env.XLVS_OBJECT || objectBesideBundle(),
    readFile: (path) => readFileSync(path, 'utf8'),
    readStdin: () => readFileSync(0, 'utf8'),
    resolver: realResolver,
    isAlive,
    createLog: (level, to) =>
      to === 'stdout' ? createLog(level, 1, stdout.isTTY === true) : createLog(level, 2, stderr.isTTY === true),
    control: async () => (await import('./real-control.ts')).realControl,
    runDaemon: async (options) => (await import('./real-daemon.ts')).runRealDaemon(options),
    runDemo: async () => (await import('../demo/run-demo.ts')).runDemo(),
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return { isTerminal: stream.isTTY === true, write: (text) => void stream.write(text) };
}

/** Beside the bundle, or where make puts it when the sources themselves run. */
function objectBesideBundle(): string {
  const beside = fileURLToPath(new URL('./xlvs.bpf.o', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../build/xlvs.bpf.o', import.meta.url));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
