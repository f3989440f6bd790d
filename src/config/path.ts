// SPDX-License-Identifier: MIT
// Where a value stands in a config file, as keys and list indices, and how that is written for people.

export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z0-9_.-]{1,63}$/;
const KEY_SHOWN = 40;

/** `services[1].port`; the empty path is the file itself and gives ''. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return PLAIN_KEY.test(step) ? `.${step}` : `[${quote(step, KEY_SHOWN)}]`;
}

/**
 * Text from a file, made safe to print in one line: quoted, control and line separating characters escaped, cut to
 * `length` characters.
 */
export function quote(text: string, length: number): string {
  const shown = text.length > length ? `${text.slice(0, length)}…` : text;
  return JSON.stringify(shown).replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
