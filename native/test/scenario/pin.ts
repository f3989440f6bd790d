// SPDX-License-Identifier: MIT
// Maps, programs and links that outlive their handles in a bpf file system.
import { unlinkSync } from 'node:fs';
import { type BpfError, BpfMap, FileLock, Link, Program, xdpQuery } from '../../lib/index.ts';
import { frame, readU64, u32, u64 } from '../bytes.ts';
import { codeOf, eventually, load, pins, print, veth } from './stage.ts';

const [a] = veth('left', 'right');
const object = load(1);
object.map('slots').set(u32(2), u64(42));
object.map('slots').pin(`${pins}/slots`);
object.program('drop').pin(`${pins}/drop`);
const link = Link.attachXdp(object.program('decide'), a);
link.pin(`${pins}/link`);
const refused = {
  twice: codeOf(() => object.map('slots').pin(`${pins}/slots`)),
  elsewhere: codeOf(() => object.map('slots').pin('/mnt/slots')),
};
link.close();
object.close();

const map = BpfMap.openPin(`${pins}/slots`);
const value = readU64(map.get(u32(2)));
map.set(u32(2), u64(43));
const reader = BpfMap.openPin(`${pins}/slots`, { readOnly: true });
const readOnly = { value: readU64(reader.get(u32(2))), set: codeOf(() => reader.set(u32(2), u64(1))) };
const name = map.info.name;

const program = Program.openPin(`${pins}/drop`);
const verdict = program.testRun({ data: frame(60) }).returnValue;

const afterClose = xdpQuery(a).programId;
const again = Link.openPin(`${pins}/link`);
again.update(program);
const updated = xdpQuery(a).programId === program.info().id;
again.close();
const pinned = xdpQuery(a).programId !== 0;
unlinkSync(`${pins}/link`);
// The kernel lets go of a removed pin in its own time.
const unpinned = await eventually(
  () => xdpQuery(a).programId,
  (id) => id === 0,
);

function messageOf(call: () => unknown): string {
  try {
    call();
    return 'none';
  } catch (error) {
    return (error as BpfError).message;
  }
}
const kinds = {
  programAsMap: messageOf(() => BpfMap.openPin(`${pins}/drop`)),
  mapAsProgram: messageOf(() => Program.openPin(`${pins}/slots`)),
  mapAsLink: messageOf(() => Link.openPin(`${pins}/slots`)),
  missing: messageOf(() => Link.openPin(`${pins}/link`)),
};

const lock = FileLock.acquire(pins);
const locks = { first: lock !== undefined, second: FileLock.acquire(pins) !== undefined };
lock?.release();

const facts = { refused, value, readOnly, name, verdict, afterClose, updated, pinned, unpinned, kinds, locks };
print(facts);
export type Facts = typeof facts;
