// SPDX-License-Identifier: MIT
// Ends a test run with one plain line, "N passed, N failed, N skipped", after the names of what was skipped. With
// XLVS_STRICT=1 a skipped test fails the run. Tells nothing about single failures: vitest's own reporter does.
import type { Reporter, TestModule } from 'vitest/node';

interface Tally {
  passed: number;
  failed: number;
  readonly skipped: string[];
}

function count(tally: Tally, module: TestModule): void {
  tally.failed += module.errors().length;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') tally.passed++;
    else if (state === 'failed') tally.failed++;
    else tally.skipped.push(`${module.project.name}: ${module.relativeModuleId}: ${test.fullName}`);
  }
}

/** A default export because vitest loads a reporter by that. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: errors.length, skipped: [] };
    for (const module of modules) count(tally, module);
    for (const name of tally.skipped) console.log(`skipped: ${name}`);
    if (process.env.XLVS_STRICT === '1' && tally.skipped.length > 0) process.exitCode = 1;
    console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`);
  }
}
