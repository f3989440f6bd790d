// SPDX-License-Identifier: MIT
// What fuzz tests share: which seeds to run and for how long, and how a failure is told so that anybody can repeat it.
// XLVS_FUZZ_SEED runs one seed only; XLVS_FUZZ_SECONDS goes on with fresh seeds until the time is up.
import { randomInt } from 'node:crypto';

export interface KeptSeed {
  readonly seed: number;
  /** how far it is run: as far as it takes to get to what it is kept for */
  readonly count: number;
}

export interface FuzzTest {
  /** from the root, like its seeds' */
  readonly file: string;
  readonly project: string;
  /** the environment variable that says how many of them to run */
  readonly countedBy: string;
  /** how many a fresh seed runs */
  readonly count: number;
  /** where seeds are kept */
  readonly seedsFile: string;
  readonly kept: readonly KeptSeed[];
}

/** Runs a seed up to `count` times, or until the budget is over; calls `progress` before each. */
export type RunSeed = (seed: number, count: number, budget: Budget, progress: (done: number) => void) => void;

/** A time that ends, or never. */
export class Budget {
  static readonly UNLIMITED = new Budget(Number.POSITIVE_INFINITY);
  readonly #end: number;

  constructor(seconds: number) {
    this.#end = performance.now() + seconds * 1000;
  }

  get isOver(): boolean {
    return performance.now() > this.#end;
  }
}

function numberFrom(variable: string): number | undefined {
  const text = process.env[variable];
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${variable}=${text}: not a whole number`);
  return value;
}

/** What the environment asks of one fuzz test. */
export class FuzzPlan {
  /** how many each fresh seed runs */
  readonly count: number;
  /** the only seed wanted; otherwise fresh ones are */
  readonly seed = numberFrom('XLVS_FUZZ_SEED');
  readonly seconds = numberFrom('XLVS_FUZZ_SECONDS');
  /** milliseconds beyond which the test hangs */
  readonly timeout: number;
  readonly #test: FuzzTest;

  constructor(test: FuzzTest) {
    this.#test = test;
    this.count = numberFrom(test.countedBy) ?? test.count;
    this.timeout = 300_000 + (this.seconds ?? 0) * 1000;
  }

  /** The kept seeds, none if one seed is asked for. */
  get kept(): readonly KeptSeed[] {
    if (this.seed !== undefined) return [];
    return this.#test.kept.map(({ seed, count }) => ({ seed, count: Math.min(count, this.count) }));
  }

  /** Runs a kept seed. */
  runKept({ seed, count }: KeptSeed, run: RunSeed): void {
    this.#run(seed, count, Budget.UNLIMITED, run);
  }

  /** Runs the seed asked for, or a fresh one, and as many more as the time allows. */
  runFresh(run: RunSeed): void {
    const budget = this.seconds === undefined ? Budget.UNLIMITED : new Budget(this.seconds);
    do this.#run(this.seed ?? randomInt(1, 2 ** 31), this.count, budget, run);
    while (this.seconds !== undefined && this.seed === undefined && !budget.isOver);
  }

  #run(seed: number, count: number, budget: Budget, run: RunSeed): void {
    let started = 0;
    console.log(`${this.#test.file}: seed ${seed}`);
    try {
      run(seed, count, budget, (done) => {
        started = done + 1;
      });
    } catch (error) {
      // The same error with more to say: its stack is the one that tells.
      if (error instanceof Error) error.message += this.#instructions(seed, started);
      throw error;
    }
  }

  #instructions(seed: number, count: number): string {
    const { file, project, countedBy, seedsFile } = this.#test;
    return [
      '',
      `again:  XLVS_FUZZ_SEED=${seed} ${countedBy}=${count} npx vitest run --project ${project} ${file}`,
      `keep:   add { seed: ${seed}, count: ${count} } to ${seedsFile}, in the commit that mends it`,
    ].join('\n');
  }
}
