// SPDX-License-Identifier: MIT
// Tries xlvs on Debian's kernels, each booted in QEMU: `make test-vm`, or `make test-vm KERNELS="6.1 7.3"`. Prints a table
// of kernel by check and one of counted figures beside the recorded ones; ends with 1 when a check failed, a figure got
// worse, or there was no kernel to try. RECORD="why" records the figures instead; BOOTS=counted or BOOTS=checks runs that alone.
import { debianMirror } from './apt-archive.ts';
import type { Engine } from './boot.ts';
import { BOOTS } from './checks.ts';
import { CACHE, GuestBoots } from './guest-boot.ts';
import { checkResults, failureLines, figuresIn, lacks, type TriedKernel } from './guest-report.ts';
import { fetchKernel, type KernelImage } from './kernel-image.ts';
import { compareVersions, type KernelLine, kernelLines } from './kernels.ts';
import { clangVersion, compare, readRecord, writeRecord } from './record.ts';
import { printChecks, printFigures } from './tables.ts';

const OLDEST = '6.1';
const AT_ONCE = 2;

function engine(): Engine {
  const asked = process.env.ACCEL ?? 'tcg';
  if (asked === 'tcg' || asked === 'kvm') return asked;
  throw new Error(`ACCEL: '${asked}' is neither tcg nor kvm`);
}

/** `counted`: also on the clock that counts instructions, beside kernel IPVS. */
function bootsFor(line: string, version: string): (keyof typeof BOOTS)[] {
  if (compareVersions(version, OLDEST) < 0) return ['refusal'];
  const all = line === OLDEST ? (['counted', 'checks'] as const) : (['checks'] as const);
  return all.filter((name) => (process.env.BOOTS ?? name).split(/[\s,]+/).includes(name));
}

async function tryBoot(guests: GuestBoots, kernel: KernelImage, name: keyof typeof BOOTS): Promise<TriedKernel> {
  const result = await guests.run(kernel, name, engine());
  const results = checkResults(result, BOOTS[name].checks);
  const isGood = result.status === 0 && results.every((check) => check.isGood);
  if (!isGood) console.error([`${kernel.version} (${name}):`, ...failureLines(result)].join('\n  '));
  for (const feature of lacks(result)) console.log(`${kernel.version} lacks ${feature}`);
  return { isGood, results, figures: figuresIn(result), seconds: result.seconds };
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

interface Job {
  readonly line: string;
  readonly kernel: KernelImage;
  readonly boot: keyof typeof BOOTS;
}

async function runJobs(guests: GuestBoots, jobs: readonly Job[]): Promise<Map<Job, TriedKernel>> {
  const tried = new Map<Job, TriedKernel>();
  const left = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = left.shift(); job; job = left.shift()) tried.set(job, await tryBoot(guests, job.kernel, job.boot));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return tried;
}

/** The newest kernel's under the line it is of: the next one is another kernel, with figures of its own. */
function figuresByLine(tried: ReadonlyMap<Job, TriedKernel>): Record<string, Record<string, number>> {
  const figures: Record<string, Record<string, number>> = {};
  for (const [{ kernel }, result] of tried) {
    const line = /^\d+\.\d+/.exec(kernel.version)?.[0] ?? kernel.version;
    figures[line] = { ...figures[line], ...result.figures };
  }
  return figures;
}

/** False when a figure got worse. */
function judge(figures: Record<string, Record<string, number>>): boolean {
  const clang = clangVersion();
  const record = readRecord();
  const compared = Object.entries(figures).flatMap(([line, ofLine]) => compare(record, clang, line, ofLine));
  printFigures(compared, record, clang);
  if (process.env.RECORD) {
    writeRecord(record, process.env.RECORD, clang, figures);
    return true;
  }
  return compared.every(({ verdict }) => verdict !== 'worse');
}

async function main(): Promise<number> {
  const lines = kernelLines(process.env.KERNELS ?? '');
  const mirror = debianMirror();
  if (mirror === undefined) {
    console.error("test-vm: this machine's package sources name no Debian archive to take kernels from; add one");
    return 1;
  }
  const guests = await GuestBoots.prepare();
  const kernels = lines.map((wanted) => ({ line: wanted.line, kernel: fetchOrTell(mirror, wanted) }));
  const jobs = kernels.flatMap(({ line, kernel }): Job[] =>
    kernel === undefined ? [] : bootsFor(line, kernel.version).map((boot) => ({ line, kernel, boot })),
  );
  const tried = await runJobs(guests, jobs);
  printChecks(
    kernels.map(({ line, kernel }) => ({
      line,
      kernel,
      tried: jobs.filter((job) => job.line === line).map((job) => tried.get(job) as TriedKernel),
    })),
  );
  if (jobs.length === 0) console.error('test-vm: no kernel could be tried');
  const isNoWorse = judge(figuresByLine(tried));
  return jobs.length > 0 && isNoWorse && [...tried.values()].every(({ isGood }) => isGood) ? 0 : 1;
}

process.exit(await main());
