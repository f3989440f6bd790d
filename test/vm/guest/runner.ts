// SPDX-License-Identifier: MIT
// Runs bundled test files in a guest and says how each fared, one line of JSON for each file:
//   node runner.mjs FILE...      exit status 1 when a test failed
import { pathToFileURL } from 'node:url';
import { startTests, type Task, type VitestRunner } from '@vitest/runner';

export interface FileReport {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

const TIMEOUT_MS = 600_000;

const runner: VitestRunner = {
  config: {
    root: process.cwd(),
    setupFiles: [],
    name: undefined,
    passWithNoTests: false,
    testNamePattern: undefined,
    allowOnly: false,
    sequence: { seed: 1, hooks: 'stack', setupFiles: 'list', concurrent: false, shuffle: false },
    maxConcurrency: 1,
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    retry: 0,
    includeTaskLocation: false,
    fakeTimers: {},
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  } as unknown as VitestRunner['config'],
  importFile: (file) => import(pathToFileURL(file).href),
};

function testsOf(task: Task): Task[] {
  return task.type === 'test' ? [task] : task.tasks.flatMap(testsOf);
}

function tell(task: Task): void {
  for (const error of task.result?.errors ?? []) {
    console.log(`vm: FAILED ${task.name}: ${error.message}`);
    if (error.diff) console.log(error.diff);
    console.log(error.stack?.split('\n').slice(0, 12).join('\n') ?? '');
  }
}

function suitesOf(task: Task): Task[] {
  return task.type === 'test' ? [] : [task, ...task.tasks.flatMap(suitesOf)];
}

/** Not by the emulator's word alone: a file without a test, or with a failed hook, has failed. */
async function runFile(path: string): Promise<boolean> {
  const start = Date.now();
  const [file] = await startTests([path], runner);
  if (!file) throw new Error(`${path} did not run`);
  const tests = testsOf(file);
  const count = (state: string): number => tests.filter((test) => (test.result?.state ?? test.mode) === state).length;
  const brokenHooks = suitesOf(file).filter((suite) => (suite.result?.errors?.length ?? 0) > 0);
  for (const task of [...tests, ...brokenHooks]) tell(task);
  const name = path.replace(/^.*\//, '').replace('.mjs', '');
  const failed = count('fail') + brokenHooks.length;
  const report: FileReport = {
    file: name,
    passed: count('pass'),
    failed,
    skipped: count('skip') + count('todo'),
    seconds: (Date.now() - start) / 1000,
  };
  console.log(`vm: report ${JSON.stringify(report)}`);
  return failed === 0 && report.passed > 0;
}

let isGood = true;
for (const path of process.argv.slice(2)) isGood = (await runFile(path)) && isGood;
process.exit(isGood ? 0 : 1);
