// SPDX-License-Identifier: MIT
// A config file as far as it is valid: what is wrong in itself has been reported and cut out, so that the checks of what
// values mean together can look at the rest.
import type { Path } from './path.ts';
import type { ConfigInput } from './schema.ts';

/** Any part may be missing; what is there is valid in itself. */
export type DraftOf<T> = T extends readonly (infer E)[]
  ? readonly (DraftOf<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: DraftOf<T[K]> | undefined }
    : T;

export type Draft = DraftOf<ConfigInput>;
export type DraftInterface = DraftOf<ConfigInput['interfaces'][number]>;
export type DraftMark = DraftOf<NonNullable<ConfigInput['marks']>[number]>;
export type DraftService = DraftOf<NonNullable<ConfigInput['services']>[number]>;
export type DraftServer = DraftOf<NonNullable<NonNullable<ConfigInput['services']>[number]['servers']>[number]>;

/** Cuts the values at the paths out of `value`, in place: they become `undefined`, so that "present but wrong" shows. */
export function cutOut(value: unknown, paths: readonly Path[]): Draft {
  if (paths.some((path) => path.length === 0)) return {};
  for (const path of paths) cutOne(value, path);
  return value as Draft;
}

/** Items that are there, with their index. */
export function present<T>(items: readonly (T | undefined)[] | undefined): [number, T][] {
  return (items ?? []).flatMap((item, i) => (item === undefined ? [] : [[i, item] as [number, T]]));
}

function cutOne(root: unknown, path: Path): void {
  let parent = root;
  for (const step of path.slice(0, -1)) parent = isContainer(parent) ? parent[step] : undefined;
  const last = path.at(-1) ?? '';
  if (isContainer(parent) && last in parent) parent[last] = undefined;
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
