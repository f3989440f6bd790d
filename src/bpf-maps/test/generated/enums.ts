// SPDX-License-Identifier: MIT
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
import type { EnumLayout } from 'bpf-maps';

/** enum book_state */
export const BookState = {
  HERE: 0,
  LENT: 1,
  NOT_FOUND: 9,
  NOT_BOUND: 10,
  __MAX: 11,
} as const;
export type BookState = (typeof BookState)[keyof typeof BookState];

/** Labels of the values of {@link BookState}. */
export const bookStateNames: Readonly<Record<number, string>> = {
  0: 'here',
  1: 'lent',
  9: 'not_found',
  10: 'not_bound',
};

export const bookStateLayout: EnumLayout = { kind: 'enum', name: 'book_state', size: 4, signed: false, bigEndian: false, values: { BOOK_HERE: 0, BOOK_LENT: 1, BOOK_NOT_FOUND: 9, BOOK_NOT_BOUND: 10, __BOOK_MAX: 11 } };
