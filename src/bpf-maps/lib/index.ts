// SPDX-License-Identifier: MIT
// Typed BPF maps: parse BTF, turn types into layouts, layouts into codecs, and put them on maps.
export { type Btf, BtfError, type BtfKind, type BtfMember, type BtfType, type MapTypes } from './btf.ts';
export { readBytes, readText, writeBytes, writeText } from './byte-values.ts';
export {
  checkArray,
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
export { type Codec, codecOf } from './codec.ts';
export { compareLayouts } from './compare-layouts.ts';
export { describeLayout } from './describe-layout.ts';
export type { ViewBatch } from './keyed-map.ts';
export type {
  ArrayLayout,
  BoolLayout,
  BytesLayout,
  EnumLayout,
  FieldLayout,
  IntLayout,
  Layout,
  OpaqueLayout,
  StructLayout,
  TextLayout,
} from './layout.ts';
export { nameOf, sizeOf } from './layout.ts';
export { layoutOf } from './layout-of.ts';
export { type MapLayouts, mapLayouts } from './map-layouts.ts';
export { parseBtf } from './parse-btf.ts';
export { PerCpuMap } from './per-cpu-map.ts';
export { TypedMap } from './typed-map.ts';
export { UnrepresentableError } from './unrepresentable-error.ts';
export {
  LayoutMismatchError,
  type MapCodecs,
  type MapRegistry,
  mapCodecs,
  mapDifference,
  verifyMaps,
} from './verify.ts';
