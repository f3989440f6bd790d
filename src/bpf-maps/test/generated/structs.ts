// SPDX-License-Identifier: MIT
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
import { checkArray, checkBool, checkS16, checkS32, checkS64, checkS8, checkU16, checkU32, checkU64, checkU8, readBytes, readText, writeBytes, writeText, type Codec, type StructLayout } from 'bpf-maps';
import { bookStateLayout } from './enums.ts';

/** struct alarm, 16 bytes */
export type Alarm = Record<string, never>;

export const alarmLayout: StructLayout = {
  kind: 'struct', name: 'alarm', size: 16,
  fields: [
    { name: 'timer', offset: 0, layout: { kind: 'opaque', name: 'bpf_timer', size: 16 } },
  ],
};

export const alarmCodec: Codec<Alarm> = {
  size: 16,
  layout: alarmLayout,
  decode: () => ({}),
  encode() {},
};

/** struct book_key, 20 bytes */
export interface BookKey {
  /** __be32[4], offset 0: the author's number */
  readonly author: readonly number[];
  /** __be16, offset 16 */
  readonly volume: number;
  /** __u8, offset 18 */
  readonly edition: number;
}

export const bookKeyLayout: StructLayout = {
  kind: 'struct', name: 'book_key', size: 20,
  fields: [
    { name: 'author', offset: 0, layout: { kind: 'array', length: 4, element: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } }, help: 'the author\'s number' },
    { name: 'volume', offset: 16, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'edition', offset: 18, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'pad', offset: 19, layout: { kind: 'opaque', name: 'padding', size: 1 } },
  ],
};

export const bookKeyCodec: Codec<BookKey> = {
  size: 20,
  layout: bookKeyLayout,
  decode: (view, offset) => ({
    author: [view.getUint32(offset, false), view.getUint32(offset + 4, false), view.getUint32(offset + 8, false), view.getUint32(offset + 12, false)],
    volume: view.getUint16(offset + 16, false),
    edition: view.getUint8(offset + 18),
  }),
  encode(value, view, offset) {
    checkArray(value.author, 4, 'struct book_key.author');
    view.setUint32(offset, checkU32((value.author[0] as number), 'struct book_key.author[]'), false);
    view.setUint32(offset + 4, checkU32((value.author[1] as number), 'struct book_key.author[]'), false);
    view.setUint32(offset + 8, checkU32((value.author[2] as number), 'struct book_key.author[]'), false);
    view.setUint32(offset + 12, checkU32((value.author[3] as number), 'struct book_key.author[]'), false);
    view.setUint16(offset + 16, checkU16(value.volume, 'struct book_key.volume'), false);
    view.setUint8(offset + 18, checkU8(value.edition, 'struct book_key.edition'));
  },
};

/** struct shelf, 12 bytes */
export interface Shelf {
  /** __u32, offset 0 */
  readonly floor: number;
  /** __u8[6], offset 4 */
  readonly corner: Uint8Array;
  /** __u16, offset 10 */
  readonly row: number;
}

export const shelfLayout: StructLayout = {
  kind: 'struct', name: 'shelf', size: 12,
  fields: [
    { name: 'floor', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'corner', offset: 4, layout: { kind: 'bytes', length: 6 } },
    { name: 'row', offset: 10, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
  ],
};

export const shelfCodec: Codec<Shelf> = {
  size: 12,
  layout: shelfLayout,
  decode: (view, offset) => ({
    floor: view.getUint32(offset, true),
    corner: readBytes(view, offset + 4, 6),
    row: view.getUint16(offset + 10, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.floor, 'struct shelf.floor'), true);
    writeBytes(view, offset + 4, 6, value.corner, 'struct shelf.corner');
    view.setUint16(offset + 10, checkU16(value.row, 'struct shelf.row'), true);
  },
};

/** nameless struct, 4 bytes */
export interface BookNamed {
  /** __u32, offset 0 */
  readonly inside: number;
}

export const bookNamedLayout: StructLayout = {
  kind: 'struct', name: '', size: 4,
  fields: [
    { name: 'inside', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const bookNamedCodec: Codec<BookNamed> = {
  size: 4,
  layout: bookNamedLayout,
  decode: (view, offset) => ({
    inside: view.getUint32(offset, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.inside, 'BookNamed.inside'), true);
  },
};

/** struct book, 208 bytes: a book on a shelf */
export interface Book {
  /** __u64, offset 0 */
  readonly pages: bigint;
  /** __be64, offset 8: nanoseconds since 1450, it's "early" *\/ */
  readonly printed: bigint;
  /** __s64, offset 16 */
  readonly owed: bigint;
  /** struct shelf, offset 24 */
  readonly shelf: Shelf;
  /** char[24], offset 36 */
  readonly title: string;
  /** __s32, offset 60 */
  readonly offset: number;
  /** __s16, offset 64 */
  readonly small: number;
  /** __s8, offset 66 */
  readonly tiny: number;
  /** bool, offset 67 */
  readonly lent: boolean;
  /** enum book_state, offset 68 */
  readonly state: number;
  /** __u32[20], offset 72 */
  readonly many: readonly number[];
  /** struct shelf[2], offset 152 */
  readonly others: readonly Shelf[];
  /** __le16, offset 176 */
  readonly little: number;
  /** __u16[2][3], offset 178 */
  readonly grid: readonly (readonly number[])[];
  /** __u16, offset 190 */
  readonly first: number;
  /** __u16, offset 192 */
  readonly second: number;
  /** __u16, offset 194 */
  readonly third: number;
  /** BookNamed, offset 196 */
  readonly named: BookNamed;
}

export const bookLayout: StructLayout = {
  kind: 'struct', name: 'book', size: 208, help: 'a book on a shelf',
  fields: [
    { name: 'pages', offset: 0, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
    { name: 'printed', offset: 8, layout: { kind: 'int', name: '__be64', size: 8, signed: false, bigEndian: true }, help: 'nanoseconds since 1450, it\'s "early" */' },
    { name: 'owed', offset: 16, layout: { kind: 'int', name: '__s64', size: 8, signed: true, bigEndian: false } },
    { name: 'shelf', offset: 24, layout: shelfLayout },
    { name: 'title', offset: 36, layout: { kind: 'text', length: 24 } },
    { name: 'offset', offset: 60, layout: { kind: 'int', name: '__s32', size: 4, signed: true, bigEndian: false } },
    { name: 'small', offset: 64, layout: { kind: 'int', name: '__s16', size: 2, signed: true, bigEndian: false } },
    { name: 'tiny', offset: 66, layout: { kind: 'int', name: '__s8', size: 1, signed: true, bigEndian: false } },
    { name: 'lent', offset: 67, layout: { kind: 'bool', size: 1 } },
    { name: 'state', offset: 68, layout: bookStateLayout },
    { name: 'many', offset: 72, layout: { kind: 'array', length: 20, element: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } } },
    { name: 'others', offset: 152, layout: { kind: 'array', length: 2, element: shelfLayout } },
    { name: 'little', offset: 176, layout: { kind: 'int', name: '__le16', size: 2, signed: false, bigEndian: false } },
    { name: 'grid', offset: 178, layout: { kind: 'array', length: 2, element: { kind: 'array', length: 3, element: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } } } },
    { name: 'first', offset: 190, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'second', offset: 192, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'third', offset: 194, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'named', offset: 196, layout: bookNamedLayout },
    { name: '_pad2', offset: 200, layout: { kind: 'opaque', name: 'padding', size: 8 } },
  ],
};

export const bookCodec: Codec<Book> = {
  size: 208,
  layout: bookLayout,
  decode: (view, offset) => ({
    pages: view.getBigUint64(offset, true),
    printed: view.getBigUint64(offset + 8, false),
    owed: view.getBigInt64(offset + 16, true),
    shelf: shelfCodec.decode(view, offset + 24),
    title: readText(view, offset + 36, 24),
    offset: view.getInt32(offset + 60, true),
    small: view.getInt16(offset + 64, true),
    tiny: view.getInt8(offset + 66),
    lent: view.getUint8(offset + 67) !== 0,
    state: view.getUint32(offset + 68, true),
    many: Array.from({ length: 20 }, (_, i) => view.getUint32(offset + 72 + i * 4, true)),
    others: [shelfCodec.decode(view, offset + 152), shelfCodec.decode(view, offset + 164)],
    little: view.getUint16(offset + 176, true),
    grid: [[view.getUint16(offset + 178, true), view.getUint16(offset + 180, true), view.getUint16(offset + 182, true)], [view.getUint16(offset + 184, true), view.getUint16(offset + 186, true), view.getUint16(offset + 188, true)]],
    first: view.getUint16(offset + 190, true),
    second: view.getUint16(offset + 192, true),
    third: view.getUint16(offset + 194, true),
    named: bookNamedCodec.decode(view, offset + 196),
  }),
  encode(value, view, offset) {
    view.setBigUint64(offset, checkU64(value.pages, 'struct book.pages'), true);
    view.setBigUint64(offset + 8, checkU64(value.printed, 'struct book.printed'), false);
    view.setBigInt64(offset + 16, checkS64(value.owed, 'struct book.owed'), true);
    shelfCodec.encode(value.shelf, view, offset + 24);
    writeText(view, offset + 36, 24, value.title, 'struct book.title');
    view.setInt32(offset + 60, checkS32(value.offset, 'struct book.offset'), true);
    view.setInt16(offset + 64, checkS16(value.small, 'struct book.small'), true);
    view.setInt8(offset + 66, checkS8(value.tiny, 'struct book.tiny'));
    view.setUint8(offset + 67, checkBool(value.lent, 'struct book.lent'));
    view.setUint32(offset + 68, checkU32(value.state, 'struct book.state'), true);
    checkArray(value.many, 20, 'struct book.many').forEach((itemI, i) => {
      view.setUint32(offset + 72 + i * 4, checkU32(itemI, 'struct book.many[]'), true);
    });
    checkArray(value.others, 2, 'struct book.others');
    shelfCodec.encode((value.others[0] as Shelf), view, offset + 152);
    shelfCodec.encode((value.others[1] as Shelf), view, offset + 164);
    view.setUint16(offset + 176, checkU16(value.little, 'struct book.little'), true);
    checkArray(value.grid, 2, 'struct book.grid');
    checkArray((value.grid[0] as readonly number[]), 3, 'struct book.grid[]');
    view.setUint16(offset + 178, checkU16(((value.grid[0] as readonly number[])[0] as number), 'struct book.grid[][]'), true);
    view.setUint16(offset + 180, checkU16(((value.grid[0] as readonly number[])[1] as number), 'struct book.grid[][]'), true);
    view.setUint16(offset + 182, checkU16(((value.grid[0] as readonly number[])[2] as number), 'struct book.grid[][]'), true);
    checkArray((value.grid[1] as readonly number[]), 3, 'struct book.grid[]');
    view.setUint16(offset + 184, checkU16(((value.grid[1] as readonly number[])[0] as number), 'struct book.grid[][]'), true);
    view.setUint16(offset + 186, checkU16(((value.grid[1] as readonly number[])[1] as number), 'struct book.grid[][]'), true);
    view.setUint16(offset + 188, checkU16(((value.grid[1] as readonly number[])[2] as number), 'struct book.grid[][]'), true);
    view.setUint16(offset + 190, checkU16(value.first, 'struct book.first'), true);
    view.setUint16(offset + 192, checkU16(value.second, 'struct book.second'), true);
    view.setUint16(offset + 194, checkU16(value.third, 'struct book.third'), true);
    bookNamedCodec.encode(value.named, view, offset + 196);
  },
};

/** struct with_timer, 24 bytes */
export interface WithTimer {
  /** __u32, offset 20 */
  readonly count: number;
}

export const withTimerLayout: StructLayout = {
  kind: 'struct', name: 'with_timer', size: 24,
  fields: [
    { name: 'timer', offset: 0, layout: { kind: 'opaque', name: 'bpf_timer', size: 16 } },
    { name: 'lock', offset: 16, layout: { kind: 'opaque', name: 'bpf_spin_lock', size: 4 } },
    { name: 'count', offset: 20, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const withTimerCodec: Codec<WithTimer> = {
  size: 24,
  layout: withTimerLayout,
  decode: (view, offset) => ({
    count: view.getUint32(offset + 20, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset + 20, checkU32(value.count, 'struct with_timer.count'), true);
  },
};

/** struct prefix, 8 bytes */
export interface Prefix {
  /** __u32, offset 0 */
  readonly prefixLength: number;
  /** __be32, offset 4 */
  readonly address: number;
}

export const prefixLayout: StructLayout = {
  kind: 'struct', name: 'prefix', size: 8,
  fields: [
    { name: 'prefix_length', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'address', offset: 4, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
  ],
};

export const prefixCodec: Codec<Prefix> = {
  size: 8,
  layout: prefixLayout,
  decode: (view, offset) => ({
    prefixLength: view.getUint32(offset, true),
    address: view.getUint32(offset + 4, false),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.prefixLength, 'struct prefix.prefix_length'), true);
    view.setUint32(offset + 4, checkU32(value.address, 'struct prefix.address'), false);
  },
};

/** nameless struct, 16 bytes */
export interface VisitsBooks {
  /** __u64, offset 0 */
  readonly lent: bigint;
  /** __u64, offset 8 */
  readonly returned: bigint;
}

export const visitsBooksLayout: StructLayout = {
  kind: 'struct', name: '', size: 16,
  fields: [
    { name: 'lent', offset: 0, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
    { name: 'returned', offset: 8, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
  ],
};

export const visitsBooksCodec: Codec<VisitsBooks> = {
  size: 16,
  layout: visitsBooksLayout,
  decode: (view, offset) => ({
    lent: view.getBigUint64(offset, true),
    returned: view.getBigUint64(offset + 8, true),
  }),
  encode(value, view, offset) {
    view.setBigUint64(offset, checkU64(value.lent, 'VisitsBooks.lent'), true);
    view.setBigUint64(offset + 8, checkU64(value.returned, 'VisitsBooks.returned'), true);
  },
};

/** struct visits, 40 bytes */
export interface Visits {
  /** __u64, offset 0 */
  readonly visitors: bigint;
  /** __u32[4], offset 8 */
  readonly byHour: readonly number[];
  /** VisitsBooks, offset 24 */
  readonly books: VisitsBooks;
}

export const visitsLayout: StructLayout = {
  kind: 'struct', name: 'visits', size: 40,
  fields: [
    { name: 'visitors', offset: 0, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
    { name: 'by_hour', offset: 8, layout: { kind: 'array', length: 4, element: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } } },
    { name: 'books', offset: 24, layout: visitsBooksLayout },
  ],
};

export const visitsCodec: Codec<Visits> = {
  size: 40,
  layout: visitsLayout,
  decode: (view, offset) => ({
    visitors: view.getBigUint64(offset, true),
    byHour: [view.getUint32(offset + 8, true), view.getUint32(offset + 12, true), view.getUint32(offset + 16, true), view.getUint32(offset + 20, true)],
    books: visitsBooksCodec.decode(view, offset + 24),
  }),
  encode(value, view, offset) {
    view.setBigUint64(offset, checkU64(value.visitors, 'struct visits.visitors'), true);
    checkArray(value.byHour, 4, 'struct visits.by_hour');
    view.setUint32(offset + 8, checkU32((value.byHour[0] as number), 'struct visits.by_hour[]'), true);
    view.setUint32(offset + 12, checkU32((value.byHour[1] as number), 'struct visits.by_hour[]'), true);
    view.setUint32(offset + 16, checkU32((value.byHour[2] as number), 'struct visits.by_hour[]'), true);
    view.setUint32(offset + 20, checkU32((value.byHour[3] as number), 'struct visits.by_hour[]'), true);
    visitsBooksCodec.encode(value.books, view, offset + 24);
  },
};

/** struct event, 8 bytes */
export interface Event {
  /** __u32, offset 0 */
  readonly what: number;
  /** enum book_state, offset 4 */
  readonly state: number;
}

export const eventLayout: StructLayout = {
  kind: 'struct', name: 'event', size: 8,
  fields: [
    { name: 'what', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'state', offset: 4, layout: bookStateLayout },
  ],
};

export const eventCodec: Codec<Event> = {
  size: 8,
  layout: eventLayout,
  decode: (view, offset) => ({
    what: view.getUint32(offset, true),
    state: view.getUint32(offset + 4, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.what, 'struct event.what'), true);
    view.setUint32(offset + 4, checkU32(value.state, 'struct event.state'), true);
  },
};
