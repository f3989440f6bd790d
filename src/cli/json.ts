// SPDX-License-Identifier: MIT
// JSON with exact counters: a bigint is written as a number with all its digits, which JSON.stringify refuses to do.

export function toJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${toJson(item)}`).join(',')}}`;
}

/** The lines of an array, one item each: greppable, and never whole in memory. */
export function* jsonLines(items: Iterable<unknown>): Generator<string> {
  let previous: string | undefined;
  yield '[';
  for (const item of items) {
    if (previous !== undefined) yield `${previous},`;
    previous = toJson(item);
  }
  if (previous !== undefined) yield previous;
  yield ']';
}
