// SPDX-License-Identifier: MIT
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
import { codecOf } from 'bpf-maps';
import { alarmCodec, bookKeyCodec, shelfCodec, bookCodec, withTimerCodec, prefixCodec, visitsCodec } from './structs.ts';

/** Codecs of the maps by their names in the object. */
export const maps = {
  alarms: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: alarmCodec },
  bells: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }) },
  books: { key: bookKeyCodec, value: bookCodec },
  map_with_a_long_name: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: withTimerCodec },
  prefixes: { key: prefixCodec, value: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }) },
  shelves: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), inner: { key: bookKeyCodec, value: shelfCodec } },
  totals: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<bigint>({ kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false }) },
  visits_by_door: { key: codecOf<number>({ kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true }), value: visitsCodec },
} as const;
