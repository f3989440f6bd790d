// SPDX-License-Identifier: MIT
// Tries xlvs on Debian's kernels, each booted in QEMU: `make test-vm`, or `make test-vm KERNELS="6.1 7.3"`. Prints a table
// of kernel by check and ends with 1 when any failed, or when there was no kernel to try.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableLines } from '../../src/cli/text-table.ts';
import { compileOther } from '../net/other-object.ts';
import { buildPacketObject } from '../packet/build-packet-object.ts';
import { debianMirror } from './apt-archive.ts';
import { boot, type Engine } from './boot.ts';
import { CHECKS, MODULES, PROGRAMS, REFUSAL } from './checks.ts';
import { writeDisk } from './disk-image.ts';
import { checkResults, failureLines, lacks, verifierCounts } from './guest-report.ts';
import { type GuestWork, makeGuestWork, SUITES, suiteName } from './guest-work.ts';
import { writeInitrd } from './initrd.ts';
import { fetchKernel, type KernelImage } from './kernel-image.ts';
import { compareVersions, type KernelLine, kernelLines } from './kernels.ts';

const LOGS = 'build/vm';
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'xlvs/kernels');
const OLDEST = '6.1';
/** Emulated, two at a time on two cores, the packet suite alone takes minutes. */
const TIMEOUT_S = 1_500;
const AT_ONCE = 2;
/** Emulation makes the million frames of the fuzz test take an hour; they have run on this machine's own kernel. */
const ENVIRONMENT = 'XLVS_FUZZ_FRAMES=2000 XLVS_LAB_SLOWNESS=10 NO_COLOR=1';

interface Row {
  readonly line: string;
  readonly isGood: boolean;
  /** by column */
  readonly cells: Readonly<Record<string, string>>;
}

async function prepare(directory: string): Promise<{ work: GuestWork; disk: string }> {
  mkdirSync('build/test', { recursive: true });
  buildPacketObject();
  compileOther('build/test');
  const files = [...CHECKS, REFUSAL].flatMap((check) => check.files);
  const work = await makeGuestWork(join(directory, 'work'), files);
  const disk = join(directory, 'disk.ext4');
  const linked = ['build/libbpf.node', `${SUITES}/libbpf.node`];
  writeDisk({ programs: PROGRAMS, work: work.directory, linked }, disk);
  return { work, disk };
}

function engine(): Engine {
  const asked = process.env.ACCEL ?? 'tcg';
  if (asked === 'tcg' || asked === 'kvm') return asked;
  throw new Error(`ACCEL: '${asked}' is neither tcg nor kvm`);
}

/** Runs the checks on one kernel; what it said goes to build/vm/. */
async function tryKernel(kernel: KernelImage, line: string, directory: string, disk: string): Promise<Row> {
  const checks = compareVersions(kernel.version, OLDEST) < 0 ? [REFUSAL] : CHECKS;
  const suites = checks.flatMap(({ files }) => files.map((file) => `${SUITES}/${suiteName(file)}.mjs`));
  const initrd = join(directory, `${kernel.version}.cpio`);
  writeInitrd(kernel, MODULES, initrd);
  const start = Date.now();
  const command = `${ENVIRONMENT} exec node ${SUITES}/runner.mjs ${suites.join(' ')}`;
  const { vmlinuz } = kernel;
  const result = await boot({ vmlinuz, initrd, disk, command, timeout: TIMEOUT_S, engine: engine(), nics: 4 });
  const seconds = Math.round((Date.now() - start) / 1000);
  writeFileSync(join(LOGS, `${kernel.version}.log`), result.output);
  const results = checkResults(result, checks);
  const isGood = result.status === 0 && results.every((check) => check.isGood);
  if (!isGood) console.error([`${kernel.version}:`, ...failureLines(result)].join('\n  '));
  for (const feature of lacks(result)) console.log(`${kernel.version} lacks ${feature}`);
  const instructions = verifierCounts(result).xlvs;
  const cells = Object.fromEntries(results.map(({ title, text }) => [title, text]));
  const note = instructions === undefined ? {} : { verifier: `${instructions} insns` };
  const extra = checks.includes(REFUSAL) ? { verifier: `too old: refused, ${cells.refused}` } : {};
  return {
    line,
    isGood,
    cells: { ...cells, ...note, ...extra, kernel: `${kernel.version} (${kernel.suite})`, time: `${seconds} s` },
  };
}

/** A kernel that is not to be had is told, and is no failure: mirrors drop versions. */
function fetchOrTell(mirror: string, wanted: KernelLine): KernelImage | undefined {
  try {
    return fetchKernel(mirror, wanted, CACHE);
  } catch (error) {
    console.error(`${wanted.line}: not to be had: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}

function print(rows: readonly Row[]): void {
  const titles = ['kernel', ...CHECKS.map(({ title }) => title), 'time'];
  const columns = ['', ...titles].map((title) => ({ title }));
  const lines = rows.map(({ line, isGood, cells }) => [
    `${isGood ? 'ok  ' : 'FAIL'} ${line}`,
    ...titles.map((title) => cells[title] ?? ''),
  ]);
  console.log([...tableLines(columns, lines)].join('\n'));
}

async function main(): Promise<number> {
  const lines = kernelLines(process.env.KERNELS ?? '');
  const mirror = debianMirror();
  if (mirror === undefined) {
    console.error("test-vm: this machine's package sources name no Debian archive to take kernels from; add one");
    return 1;
  }
  const directory = mkdtempSync(join(tmpdir(), 'xlvs-vms-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(LOGS, { recursive: true });
  const { disk } = await prepare(directory);
  const rows: Row[] = [];
  const left = [...lines];
  const worker = async (): Promise<void> => {
    for (let wanted = left.shift(); wanted; wanted = left.shift()) {
      const kernel = fetchOrTell(mirror, wanted);
      if (!kernel) rows.push({ line: wanted.line, isGood: true, cells: { kernel: 'not on the mirror' } });
      else rows.push(await tryKernel(kernel, wanted.line, directory, disk));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  rows.sort((a, b) => lines.findIndex(({ line }) => line === a.line) - lines.findIndex(({ line }) => line === b.line));
  print(rows);
  const isTried = rows.some(({ cells }) => cells.time !== undefined);
  if (!isTried) console.error('test-vm: no kernel could be tried');
  return isTried && rows.every(({ isGood }) => isGood) ? 0 : 1;
}

process.exit(await main());
