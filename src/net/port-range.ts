// SPDX-License-Identifier: MIT
// Ports and lists of port ranges, host order. Knows no protocol.

/** The highest port number. */
export const PORT_MAX = 65535;

/** An inclusive range of ports, host order: `first` <= `last`. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Every port. */
export const ANY_PORT: PortRange = { first: 0, last: PORT_MAX };

const PORT = /^(0|[1-9]\d{0,4})$/;

/** Whether the value is a port number, 0..65535. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= PORT_MAX;
}

/** Reads `80`, `"80"`, `"10000-20000"` or `"any"`; `undefined` for anything else, a range that runs backwards included. */
export function parsePortRange(item: number | string): PortRange | undefined {
  if (item === 'any') return ANY_PORT;
  const ends = String(item).split('-').map(portOf);
  if (ends.length > 2) return undefined;
  const first = ends[0];
  const last = ends.at(-1);
  if (first === undefined || last === undefined || first > last) return undefined;
  return { first, last };
}

/** Reads a list of such items, normalised; `undefined` when one of them cannot be read or the list is empty. */
export function parsePortRanges(items: readonly (number | string)[]): readonly PortRange[] | undefined {
  const ranges = items.map(parsePortRange);
  if (ranges.length === 0 || !ranges.every((range) => range !== undefined)) return undefined;
  return normalisePortRanges(ranges);
}

/** The same ports as ascending ranges that neither overlap nor touch. */
export function normalisePortRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (!previous || range.first > previous.last + 1) merged.push(range);
    else merged[merged.length - 1] = { first: previous.first, last: Math.max(previous.last, range.last) };
  }
  return merged;
}

/** `80`, `10000-20000` or `any`. */
export function formatPortRange({ first, last }: PortRange): string {
  if (first === ANY_PORT.first && last === ANY_PORT.last) return 'any';
  return first === last ? String(first) : `${first}-${last}`;
}

function portOf(text: string): number | undefined {
  if (!PORT.test(text)) return undefined;
  const port = Number(text);
  return isPort(port) ? port : undefined;
}
