// SPDX-License-Identifier: MIT
// The fields of a struct: offsets, explicit and hidden padding, anonymous members, help texts from btf_decl_tag.
import type { Btf, BtfMember, BtfOf } from './btf.ts';
import { type FieldLayout, type Layout, type OpaqueLayout, type StructLayout, sizeOf } from './layout.ts';
import { layoutAt } from './layout-of.ts';
import { UnrepresentableError } from './unrepresentable-error.ts';

/** Structs inside map values that belong to the kernel: it hides them from user space or refuses to overwrite them. */
const KERNEL_OWNED = new Set([
  'bpf_timer',
  'bpf_spin_lock',
  'bpf_res_spin_lock',
  'bpf_wq',
  'bpf_list_head',
  'bpf_list_node',
  'bpf_rb_root',
  'bpf_rb_node',
  'bpf_refcount',
]);

/** Members that only fill space; they are written as zero and not shown. */
const PADDING = /^_*pad(ding)?_*\d*$/;

export function structLayout(
  btf: Btf,
  typeId: number,
  type: BtfOf<'struct'>,
  alias: string,
  path: string,
): StructLayout | OpaqueLayout {
  const { name, size } = type;
  if (KERNEL_OWNED.has(name)) return { kind: 'opaque', name, size };
  const tags = btf.declTags(typeId);
  const fields = type.members.flatMap((member) => memberFields(btf, member, tags.get(member.name), path));
  refuseHiddenPadding(fields, size, path);
  const help = tags.get('')?.join(' ');
  return { kind: 'struct', name: name || alias, size, fields, ...(help && { help }) };
}

function memberFields(btf: Btf, member: BtfMember, tags: string[] | undefined, path: string): FieldLayout[] {
  const where = member.name === '' ? path : `${path}.${member.name}`;
  if (member.bitSize !== 0 || member.bitOffset % 8 !== 0) throw new UnrepresentableError(where, 'bitfield');
  const offset = member.bitOffset / 8;
  const layout = layoutAt(btf, member.type, where);
  // C reaches the members of an unnamed struct as if they were the outer struct's own.
  if (member.name === '' && layout.kind === 'struct')
    return layout.fields.map((field) => ({ ...field, offset: field.offset + offset }));
  return [{ name: member.name, offset, layout: visible(member.name, layout), ...(tags && { help: tags.join(' ') }) }];
}

function visible(name: string, layout: Layout): Layout {
  return PADDING.test(name) ? { kind: 'opaque', name: 'padding', size: sizeOf(layout) } : layout;
}

/** Bytes the compiler inserted are garbage in a hash key and a difference nobody wrote down. */
function refuseHiddenPadding(fields: readonly FieldLayout[], size: number, path: string): void {
  let end = 0;
  for (const { name, offset, layout } of fields) {
    if (offset > end) throw new UnrepresentableError(`${path}.${name}`, `${count(offset - end)} before it`);
    end = offset + sizeOf(layout);
  }
  if (end < size) throw new UnrepresentableError(path, `${count(size - end)} at its end`);
}

function count(bytes: number): string {
  return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'} of hidden padding`;
}
