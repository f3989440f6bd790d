// SPDX-License-Identifier: MIT
// A map's key and value layouts by its name in the object's BTF.
import { type Btf, BtfError, type MapTypes } from './btf.ts';
import type { IntLayout, Layout } from './layout.ts';
import { layoutOf } from './layout-of.ts';
import { UnrepresentableError } from './unrepresentable-error.ts';

export interface MapLayouts {
  readonly key: Layout;
  /** Of a map that holds maps: the held map's id. */
  readonly value: Layout;
  /** Of a map that holds maps: what the held maps look like, if the definition says. */
  readonly inner?: MapLayouts;
}

const KERNEL_NAME_LENGTH = 15;

/**
 * The layouts of a map by its full name, or by the first 15 characters of it, which is what the kernel keeps.
 * @throws BtfError when the BTF has no such map or several; UnrepresentableError naming map and field.
 */
export function mapLayouts(btf: Btf, name: string): MapLayouts {
  const full = fullName(btf, name);
  const definition = btf.mapTypes(full);
  if (definition === undefined) throw new BtfError(`map ${name}: not in the .maps section of this BTF`);
  return layoutsOf(btf, definition, `map ${full}`, btf.bigEndian);
}

/** Whether the definition names its types: those of ring buffers, or with `key_size` instead of `key`, do not. */
export function namesTypes({ key, value, inner }: MapTypes): boolean {
  return key !== 0 && (value !== 0 || inner !== undefined);
}

function fullName(btf: Btf, name: string): string {
  if (name.length !== KERNEL_NAME_LENGTH || btf.mapTypes(name) !== undefined) return name;
  const candidates = btf.mapNames().filter((one) => one.startsWith(name));
  if (candidates.length > 1) throw new BtfError(`map ${name}: could be ${candidates.join(' or ')}, give the full name`);
  return candidates[0] ?? name;
}

function layoutsOf(btf: Btf, types: MapTypes, path: string, bigEndian: boolean): MapLayouts {
  if (!namesTypes(types)) throw new UnrepresentableError(path, 'its definition names no key or value type');
  const { key, value, inner } = types;
  return {
    key: layoutIn(btf, key, path),
    value: inner === undefined ? layoutIn(btf, value, path) : mapId(bigEndian),
    ...(inner && namesTypes(inner) && { inner: layoutsOf(btf, inner, `${path}.inner`, bigEndian) }),
  };
}

function layoutIn(btf: Btf, typeId: number, path: string): Layout {
  try {
    return layoutOf(btf, typeId);
  } catch (error) {
    if (!(error instanceof UnrepresentableError)) throw error;
    throw new UnrepresentableError(`${path}: ${error.path}`, error.reason);
  }
}

function mapId(bigEndian: boolean): IntLayout {
  return { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian };
}
