// SPDX-License-Identifier: MIT
// How C names look in JavaScript. Every part of the package and all generated code ask here.

/** `next_hop` → `nextHop`; underscores at either end go. */
export function fieldName(name: string): string {
  const words = name.split('_').filter((word) => word !== '');
  return words.map((word, i) => (i === 0 ? word : capital(word))).join('') || name;
}

/** `flow_key` → `FlowKey`. */
export function typeName(name: string): string {
  return capital(fieldName(name));
}

/** `NO_SPACE` → `no_space`. */
export function labelName(name: string): string {
  return name.toLowerCase();
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
