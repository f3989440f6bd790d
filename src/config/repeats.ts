// SPDX-License-Identifier: MIT
// Finds what a list holds twice.

/** Each item whose key an earlier item has, with the first that has it. Items without a key are left out. */
export function repeats<T>(items: Iterable<T>, keyOf: (item: T) => string | undefined): { first: T; again: T }[] {
  const firsts = new Map<string, T>();
  const found: { first: T; again: T }[] = [];
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, item);
    else found.push({ first, again: item });
  }
  return found;
}
