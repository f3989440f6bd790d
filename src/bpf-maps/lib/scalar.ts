// SPDX-License-Identifier: MIT
// Integers, enums and bools: which DataView call and which check belong to which size, sign and byte order.
// The generator asks here too, so that codecs at run time and generated ones cannot disagree.
import {
  checkBool,
  checkS8,
  checkS16,
  checkS32,
  checkS64,
  checkU8,
  checkU16,
  checkU32,
  checkU64,
} from './checked-values.ts';
import type { Reader, Writer } from './codec.ts';
import type { BoolLayout, EnumLayout, IntLayout } from './layout.ts';

export type ScalarLayout = IntLayout | EnumLayout | BoolLayout;

const CHECKS = { checkU8, checkU16, checkU32, checkU64, checkS8, checkS16, checkS32, checkS64 };

const ACCESS = {
  u1: { type: 'Uint8', check: 'checkU8' },
  u2: { type: 'Uint16', check: 'checkU16' },
  u4: { type: 'Uint32', check: 'checkU32' },
  u8: { type: 'BigUint64', check: 'checkU64' },
  s1: { type: 'Int8', check: 'checkS8' },
  s2: { type: 'Int16', check: 'checkS16' },
  s4: { type: 'Int32', check: 'checkS32' },
  s8: { type: 'BigInt64', check: 'checkS64' },
} as const;

/** `type` as in DataView's `get…` and `set…`, `check` as exported by checked-values.ts. */
export function scalarAccess(layout: IntLayout | EnumLayout) {
  return ACCESS[`${layout.signed ? 's' : 'u'}${layout.size}`];
}

export function scalarReader(layout: ScalarLayout): Reader {
  if (layout.kind === 'bool') return (view, offset) => view.getUint8(offset) !== 0;
  const little = !layout.bigEndian;
  switch (scalarAccess(layout).type) {
    case 'Uint8':
      return (view, offset) => view.getUint8(offset);
    case 'Uint16':
      return (view, offset) => view.getUint16(offset, little);
    case 'Uint32':
      return (view, offset) => view.getUint32(offset, little);
    case 'BigUint64':
      return (view, offset) => view.getBigUint64(offset, little);
    case 'Int8':
      return (view, offset) => view.getInt8(offset);
    case 'Int16':
      return (view, offset) => view.getInt16(offset, little);
    case 'Int32':
      return (view, offset) => view.getInt32(offset, little);
    case 'BigInt64':
      return (view, offset) => view.getBigInt64(offset, little);
  }
}

export function scalarWriter(layout: ScalarLayout, path: string): Writer {
  if (layout.kind === 'bool') return (value, view, offset) => view.setUint8(offset, checkBool(value, path));
  const little = !layout.bigEndian;
  const { type, check } = scalarAccess(layout);
  const checked: (value: never, where: string) => number | bigint = CHECKS[check];
  const set = `set${type}` as const;
  return (value, view, offset) => view[set](offset, checked(value, path) as never, little);
}
