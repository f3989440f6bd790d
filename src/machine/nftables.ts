// SPDX-License-Identifier: MIT
// One table of nftables with rules of its own, by `nft`, in the calling process's network namespace. Knows how to put it there
// whole and how to tell whether it still is; what the rules mean is the caller's.
import { spawnSync } from 'node:child_process';
import { XlvsError } from '../model/xlvs-error.ts';

export interface NftChain {
  readonly name: string;
  /** type, hook and priority, as `nft` lists them: `type nat hook postrouting priority srcnat` */
  readonly hook: string;
  /** each as `nft` lists it */
  readonly rules: readonly string[];
}

export interface NftTable {
  /** of the family inet */
  readonly name: string;
  readonly chains: readonly NftChain[];
}

/** Whether there is a command `nft`. */
export function hasNft(): boolean {
  return runNft(['--version'], '').error === undefined;
}

/** Puts the table there, in place of what stood there under its name: at once, or not at all. Throws XlvsError. */
export function putTable(table: NftTable): void {
  const name = `table inet ${table.name}`;
  const chains = table.chains.map(chainText);
  // `delete` alone would fail where there is none
  nft(['-f', '-'], [name, `delete ${name}`, `${name} {`, ...chains, '}', ''].join('\n'));
}

/** Whether the table stands there as `putTable` put it. Throws XlvsError. */
export function hasTable(table: NftTable): boolean {
  const listed = listTable(table.name);
  if (listed === undefined) return false;
  const wanted = table.chains.flatMap(({ name, hook, rules }) => [
    `chain ${name} {`,
    `${hook}; policy accept;`,
    ...rules,
  ]);
  const lines = listed.split('\n').map((line) => line.trim());
  const own = lines.filter((line) => line !== '' && line !== '}' && !line.startsWith('table '));
  return own.join('\n') === wanted.join('\n');
}

/** `absent` when there is none of this name. Throws XlvsError. */
export function removeTable(name: string): 'removed' | 'absent' {
  if (listTable(name) === undefined) return 'absent';
  nft(['delete', 'table', 'inet', name], '');
  return 'removed';
}

/** A device's name as rules have it: an asterisk at its end would stand for anything. */
export const nftDevice = (name: string): string => `"${name.replace(/\*$/, '\\*')}"`;

function chainText({ name, hook, rules }: NftChain): string {
  return [`chain ${name} {`, `${hook}; policy accept;`, ...rules, '}'].join('\n');
}

function listTable(name: string): string | undefined {
  const run = runNft(['list', 'table', 'inet', name], '');
  if (run.error) throw cannotRun(run.error);
  if (run.status === 0) return run.stdout;
  if (/No such file or directory/.test(run.stderr)) return undefined;
  throw nftError(run.stderr);
}

function nft(args: readonly string[], input: string): void {
  const run = runNft(args, input);
  if (run.error) throw cannotRun(run.error);
  if (run.status !== 0) throw nftError(run.stderr);
}

function runNft(args: readonly string[], input: string) {
  const env = { PATH: `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  return spawnSync('nft', args, { input, encoding: 'utf8', env });
}

function cannotRun(error: NodeJS.ErrnoException): XlvsError {
  if (error.code !== 'ENOENT') return new XlvsError('refused', `nft: ${error.message}`, undefined, error);
  return new XlvsError('missing', 'the command nft is not installed', 'install nftables', error);
}

/** The first line says what is wrong, those behind it quote the rule. */
function nftError(stderr: string): XlvsError {
  const [first = ''] = stderr.split('\n').filter((line) => line.trim() !== '');
  const reason = first.replace(/^.*?Error: /, '') || 'failed without a word';
  const hint = /not permitted/.test(reason) ? 'run it as root or with CAP_NET_ADMIN' : undefined;
  return new XlvsError('refused', `nft: ${reason}`, hint);
}
