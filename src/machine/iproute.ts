// SPDX-License-Identifier: MIT
// Runs `ip` of iproute2 in the calling process's network namespace and reads its JSON. Knows commands, not what they mean.
import { spawnSync } from 'node:child_process';
import { XlvsError } from '../model/xlvs-error.ts';

/** What `ip` said: its output, or why it refused, in one line. */
export type IpAnswer = { readonly ok: true; readonly output: string } | { readonly ok: false; readonly reason: string };

/** A million routes or neighbours fit. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Tells a batch that came to its end: every namespace has a loopback device. */
const LAST_COMMAND = 'link show dev lo';
const LAST_OUTPUT = '"ifname":"lo"';

/** The reason of a command that named a device which does not exist. */
export const NO_DEVICE = /does not exist|Cannot find device/;

/** Runs `ip ARGS`. Throws XlvsError only when the program cannot be run at all. */
export function tryIp(args: readonly string[]): IpAnswer {
  const run = runIp(args, '');
  if (run.status === 0) return { ok: true, output: run.stdout };
  return { ok: false, reason: reasonOf(run.stderr) };
}

/** Runs `ip ARGS`. Throws XlvsError with the reason `ip` gave. */
export function ip(args: readonly string[]): string {
  const answer = tryIp(args);
  if (answer.ok) return answer.output;
  throw ipError(args.join(' '), answer.reason);
}

/** The objects that `ip -j ARGS` prints. Throws XlvsError. */
export function ipJson<T>(args: readonly string[]): T[] {
  return parseIpJson<T>(ip(['-json', ...args]));
}

/**
 * Runs many commands, each without the word `ip`, going on after one that fails. One answer for each, in order. Either
 * all print something when they succeed or none does, and running one twice does no harm. Throws XlvsError only when the
 * program cannot be run at all.
 */
export function ipBatch(commands: readonly string[]): IpAnswer[] {
  if (commands.length === 0) return [];
  const run = runIp(['-json', '-force', '-batch', '-'], `${[...commands, LAST_COMMAND].join('\n')}\n`);
  // Some commands (neighbour) end the whole process when the kernel refuses, and do not say which of them it was.
  return (
    splitBatch(commands.length, run.stdout, run.stderr) ??
    commands.map((command) => tryIp(['-json', ...command.split(' ')]))
  );
}

/** The error for a command that `ip` refused. */
export function ipError(command: string, reason: string): XlvsError {
  const hint = /not permitted|denied/.test(reason) ? 'run it as root or with CAP_NET_ADMIN' : undefined;
  return new XlvsError('refused', `ip ${command}: ${reason}`, hint);
}

/** Nothing at all stands for an empty list, and some versions print `{}` for what a filter left out. */
export function parseIpJson<T>(output: string): T[] {
  if (output.trim() === '') return [];
  const items = JSON.parse(output) as T[];
  return items.filter((item) => Object.keys(item as object).length > 0);
}

/**
 * The answers to `count` commands and the last one that ipBatch adds; `undefined` when that did not run. A command that
 * succeeds prints one line of JSON or nothing; one that fails is named by its line on stderr.
 */
export function splitBatch(count: number, stdout: string, stderr: string): IpAnswer[] | undefined {
  const outputs = stdout.split('\n').filter((line) => line.trim() !== '');
  if (!outputs.pop()?.includes(LAST_OUTPUT)) return undefined;
  const failed = new Set(Array.from(stderr.matchAll(/^Command failed \S*:(\d+)$/gm), (match) => Number(match[1])));
  const reason = reasonOf(stderr);
  let next = 0;
  return Array.from({ length: count }, (_, i) =>
    failed.has(i + 1) ? { ok: false, reason } : { ok: true, output: outputs[next++] ?? '' },
  );
}

interface IpRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runIp(args: readonly string[], input: string): IpRun {
  const run = spawnSync('ip', args, {
    input,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { PATH: `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`, LC_ALL: 'C' },
  });
  if (run.error) throw cannotRun(run.error);
  return run;
}

function cannotRun(error: NodeJS.ErrnoException): XlvsError {
  if (error.code !== 'ENOENT') return new XlvsError('refused', `ip: ${error.message}`, undefined, error);
  return new XlvsError('missing', 'the command ip is not installed', 'install iproute2', error);
}

/** `RTNETLINK answers: File exists` → `File exists`. */
function reasonOf(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Command failed'))
    .map((line) => line.trim().replace(/^(RTNETLINK answers|Error): /, ''));
  return lines.join(', ') || 'failed without a word';
}
