// SPDX-License-Identifier: MIT
// Rows as lines whose cells stand below one another. A table may be a million rows long: only its first ones are looked
// at for the widths.

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** at least this wide; for columns whose later rows are wider than the first ones */
  readonly width?: number;
}

const SAMPLE = 1_000;

/** The header, then one line per row. */
export function* tableLines(columns: readonly Column[], rows: Iterable<readonly string[]>): Generator<string> {
  const iterator = rows[Symbol.iterator]();
  const sample: (readonly string[])[] = [];
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    sample.push(next.value);
    if (sample.length === SAMPLE) break;
  }
  const widths = columns.map((column, i) => columnWidth(column, i, sample));
  const line = (cells: readonly string[]) => formatRow(columns, widths, cells);
  yield line(columns.map((column) => column.title));
  for (const row of sample) yield line(row);
  for (let next = iterator.next(); !next.done; next = iterator.next()) yield line(next.value);
}

function columnWidth({ title, width = 0 }: Column, index: number, rows: readonly (readonly string[])[]): number {
  return rows.reduce((widest, row) => Math.max(widest, row[index]?.length ?? 0), Math.max(title.length, width));
}

function formatRow(columns: readonly Column[], widths: readonly number[], cells: readonly string[]): string {
  const padded = columns.map(({ align }, i) => {
    const cell = cells[i] ?? '';
    const width = widths[i] ?? 0;
    return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
  });
  return padded.join('  ').trimEnd();
}
