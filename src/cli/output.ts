// SPDX-License-Identifier: MIT
// Where a command writes. A test reads it back.

export interface Output {
  readonly isTerminal: boolean;
  write(text: string): void;
}

export function writeLine(output: Output, line: string): void {
  output.write(`${line}\n`);
}

const CHUNK = 65_536;

/** Writes many lines in few calls. */
export function writeLines(output: Output, lines: Iterable<string>): void {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < CHUNK) continue;
    output.write(text);
    text = '';
  }
  if (text) output.write(text);
}
