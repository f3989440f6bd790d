// SPDX-License-Identifier: MIT
// -R: lines of arguments from stdin as one transaction: all of them, or none and every line that is wrong is told.
import { parseArguments } from './arguments.ts';
import { Failure, misuse, refusal } from './failure.ts';
import type { Names } from './names.ts';
import type { CommandName } from './options.ts';
import type { Table } from './table.ts';

const EDITS: readonly CommandName[] = [
  ...(['add-service', 'edit-service', 'delete-service', 'flush'] as const),
  ...(['add-server', 'edit-server', 'delete-server', 'set'] as const),
];

/** Words between blanks; what follows a word that begins with `#` is a comment, and a leading `ipvsadm` may stand. */
function wordsOf(line: string): string[] {
  const words = line.split(/[ \t\r]+/).filter(Boolean);
  const comment = words.findIndex((word) => word.startsWith('#'));
  const said = comment < 0 ? words : words.slice(0, comment);
  return /(?:^|\/)ipvsadm$/.test(said[0] ?? '') ? said.slice(1) : said;
}

async function restoreLine(words: readonly string[], table: Table, names: Names): Promise<void> {
  const call = await parseArguments(words, names);
  if (call.command === 'help' || call.command === 'version' || !EDITS.includes(call.command))
    throw misuse(`not in a restore: ${words[0]}`);
  table.edit(call);
}

/** Edits the table. Throws Failure with a line for each line of the text that is wrong. */
export async function restore(text: string, table: Table, names: Names): Promise<void> {
  const faults: string[] = [];
  let status: Failure['status'] | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    const words = wordsOf(line);
    if (words.length === 0) continue;
    try {
      await restoreLine(words, table, names);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      faults.push(`line ${i + 1}: ${error.message}`);
      status ??= error.status;
    }
  }
  if (status === undefined) return;
  const message = [...faults, 'nothing was restored: all lines or none'].join('\n');
  throw status === 2 ? misuse(message) : refusal(message);
}
