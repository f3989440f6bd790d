// SPDX-License-Identifier: MIT
// How the demo speaks: headings, what happened, and whether it was true. Nothing it shows goes unchecked.
import { styleText } from 'node:util';

export class Stage {
  private readonly write: (text: string) => void;
  failures = 0;
  checks = 0;

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  heading(text: string): void {
    this.write(`\n${styleText('bold', text)}\n`);
  }

  /** A line of what was done or seen. */
  line(text: string): void {
    this.write(`  ${text}\n`);
  }

  /** Text that is not ours: a config, a table. */
  quote(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.write(`  ${styleText('dim', '│')} ${line}\n`);
  }

  /** What the audience should have seen, and whether it was so. */
  check(claim: string, isTrue: boolean, seen = ''): void {
    this.checks++;
    if (isTrue) {
      this.write(`  ${styleText('green', '✓')} ${claim}\n`);
      return;
    }
    this.failures++;
    this.write(`  ${styleText('red', '✗')} ${claim}${seen === '' ? '' : `: ${seen}`}\n`);
  }
}
