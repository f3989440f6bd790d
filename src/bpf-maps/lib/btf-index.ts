// SPDX-License-Identifier: MIT
// Look-ups over parsed types that are built once, on first use: by name, and tags by what they are attached to.
import type { BtfOf, BtfType } from './btf.ts';

/** `kind name` → id of the first such type. */
export function indexByName(types: readonly BtfType[]): () => Map<string, number> {
  let index: Map<string, number> | undefined;
  return () => {
    if (index !== undefined) return index;
    index = new Map();
    for (let id = types.length - 1; id > 0; id--) {
      const type = types[id];
      if (type?.name) index.set(`${type.kind} ${type.name}`, id);
    }
    return index;
  };
}

/** `btf_decl_tag` texts by member name, '' for tags of the type itself. */
export function declTagsOf(types: readonly BtfType[]): (typeId: number) => Map<string, string[]> {
  let index: Map<number, BtfOf<'decl_tag'>[]> | undefined;
  return (typeId) => {
    index ??= groupTags(types);
    const tags = new Map<string, string[]>();
    for (const tag of index.get(typeId) ?? []) {
      const member = componentName(types[typeId], tag.component);
      tags.set(member, [...(tags.get(member) ?? []), tag.name]);
    }
    return tags;
  };
}

function groupTags(types: readonly BtfType[]): Map<number, BtfOf<'decl_tag'>[]> {
  const groups = new Map<number, BtfOf<'decl_tag'>[]>();
  for (const type of types) {
    if (type.kind !== 'decl_tag') continue;
    const group = groups.get(type.type);
    if (group === undefined) groups.set(type.type, [type]);
    else group.push(type);
  }
  return groups;
}

function componentName(target: BtfType | undefined, component: number): string {
  if (component < 0 || target === undefined || !('members' in target)) return '';
  return target.members[component]?.name ?? '';
}
