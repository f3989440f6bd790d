// SPDX-License-Identifier: MIT
// Rows of `ipvsadm -Lnc`: their clocks apart, and which of them both routers must show.
import { areAlike, type Line, TOLERANCE } from './lines.ts';

const CLOCK = /(\d+):(\d\d)/;
const ENDING_S = 2;

/** `TCP 14:58  ESTABLISHED …` with its clock apart. */
export function rowLine(row: string): Line {
  const [, minutes, seconds] = CLOCK.exec(row) ?? [];
  return { text: row.replace(CLOCK, 'mm:ss'), seconds: Number(minutes) * 60 + Number(seconds) };
}

/** Without its state. */
const flowOf = ({ text }: Line): string => text.replace(/ mm:ss +\S+/, '');

/** One that is about to end may have ended on the other side. What else the two say of one flow must be alike. */
function isEnding(row: Line, other: Line | undefined): boolean {
  const { seconds = Infinity } = row;
  if (!other) return seconds <= ENDING_S + TOLERANCE;
  return areAlike(row, other) && Math.min(seconds, other.seconds ?? Infinity) <= ENDING_S;
}

function withoutEnding(rows: readonly Line[], others: readonly Line[]): Line[] {
  const left = new Map<string, Line[]>();
  for (const other of others) left.set(flowOf(other), [...(left.get(flowOf(other)) ?? []), other]);
  return rows.filter((row) => !isEnding(row, left.get(flowOf(row))?.shift()));
}

/** The rows that must be the same: an entry with little time left is left out on both sides, or on neither. */
export const lasting = (some: readonly Line[], others: readonly Line[]): [Line[], Line[]] => [
  withoutEnding(some, others),
  withoutEnding(others, some),
];
