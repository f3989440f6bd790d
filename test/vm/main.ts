// SPDX-License-Identifier: MIT
// Tries xlvs on Debian's kernels, each booted in QEMU: `make test-vm`, or `make test-vm KERNELS="6.1 7.3"`. Prints a table
// of kernel by check and one of counted figures beside the recorded ones; ends with 1 when a check failed, a figure got
// worse, or there was no kernel to try. RECORD="why" records the figures instead; BOOTS=counted, modes, vlans, parity or checks runs that alone.
import { debianMirror } from './apt-archive.ts';
import type { Engine } from './boot.ts';
import { BOOTS } from './checks.ts';
import { CACHE, GuestBoots } from './guest-boot.ts';
import { checkResults, failureLines, figuresIn, lacks, type TriedKernel } from './guest-report.ts';
import { fetchKernel, type KernelImage } from './kernel-image.ts';
import { compareVersions, type KernelLine, kernelLines } from './kernels.ts';
import { clangVersion, compare, type Figures, isRed, readRecord, writeRecord } from './record.ts';
import { printChecks, printFigures } from './tables.ts';

const OLDEST = '6.1';
/** Kernel IPVS as its description knows it: parity is with this one. */
const MIDDLE = '6.12';
const AT_ONCE = 2;

function engine(): Engine {
  const asked = process.env.ACCEL ?? 'tcg';
  if (asked === 'tcg' || asked === 'kvm') return asked;
  throw new Error(`ACCEL: '${asked}' is neither tcg nor kvm`);
}

const ALL_BOOTS = ['counted', 'vlans', 'modes', 'parity', 'checks'] as const;
/** Parity is asked for by name until what it finds is settled; the others, minutes each, are what one kernel is enough for. */
const USUAL_BOOTS: readonly string[] = ['counted', 'checks'];

/** The boots BOOTS asks for; the usual ones unless it names some. */
function bootsAsked(): readonly string[] {
  const asked = (process.env.BOOTS ?? '').split(/[\s,]+/).filter((word) => word !== '');
  for (const word of asked)
    if (!ALL_BOOTS.some((name) => name === word))
      throw new Error(`BOOTS: '${word}' is none of ${ALL_BOOTS.join(', ')}`);
  return asked.length > 0 ? asked : USUAL_BOOTS;
}

/**
 * `checks`: every kernel. `counted`: the oldest, on the clock that counts instructions, beside kernel IPVS; `modes`: the oldest, whose veth
 * is the pickiest. `parity`: packet by packet beside IPVS; `vlans`: on a kernel that is neither the oldest nor new.
 */
function bootsFor(line: string, version: string, asked: readonly string[]): (keyof typeof BOOTS)[] {
  if (compareVersions(version, OLDEST) < 0) return ['refusal'];
  const lines: Readonly<Partial<Record<(typeof ALL_BOOTS)[number], string>>> = {
    counted: OLDEST,
    modes: OLDEST,
    vlans: MIDDLE,
    parity: MIDDLE,
  };
  return ALL_BOOTS.filter((name) => asked.includes(name) && (lines[name] ?? line) === line);
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

interface Measured {
  readonly figures: Figures;
  readonly boots: readonly string[];
}

/** The newest kernel's under the line it is of: the next one is another kernel, with figures of its own. */
function measuredByLine(tried: ReadonlyMap<Job, TriedKernel>): Map<string, Measured> {
  const measured = new Map<string, Measured>();
  for (const [{ kernel, boot }, result] of tried) {
    const line = /^\d+\.\d+/.exec(kernel.version)?.[0] ?? kernel.version;
    const { figures, boots }: Measured = measured.get(line) ?? { figures: {}, boots: [] };
    measured.set(line, { figures: { ...figures, ...result.figures }, boots: [...boots, boot] });
  }
  return measured;
}

/** False when a figure got worse, or is not measured any more. Figures are recorded of a good run only. */
function judge(measured: ReadonlyMap<string, Measured>, isGood: boolean): boolean {
  const clang = clangVersion();
  const record = readRecord();
  const compared = [...measured].flatMap(([line, { figures, boots }]) => compare(record, clang, line, figures, boots));
  printFigures(compared, record, clang);
  const reason = process.env.RECORD;
  if (!reason) return !compared.some(isRed);
  if (isGood) writeRecord(record, reason, clang, measured);
  else console.error('test-vm: nothing is recorded of a run that failed');
  return true;
}

async function main(): Promise<number> {
  const lines = kernelLines(process.env.KERNELS ?? '');
  const asked = bootsAsked();
  engine();
  const mirror = debianMirror();
  if (mirror === undefined) {
    console.error("test-vm: this machine's package sources name no Debian archive to take kernels from; add one");
    return 1;
  }
  const guests = await GuestBoots.prepare();
  const kernels = lines.map((wanted) => ({ line: wanted.line, kernel: fetchOrTell(mirror, wanted) }));
  const jobs = kernels.flatMap(({ line, kernel }): Job[] =>
    kernel === undefined ? [] : bootsFor(line, kernel.version, asked).map((boot) => ({ line, kernel, boot })),
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
  const isGood = jobs.length > 0 && [...tried.values()].every((one) => one.isGood);
  return judge(measuredByLine(tried), isGood) && isGood ? 0 : 1;
}

process.exit(
  await main().catch((error: Error) => {
    console.error(`test-vm: ${error.message}`);
    return 1;
  }),
);
