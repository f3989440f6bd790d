// SPDX-License-Identifier: MIT
// One object's life with everything in between, closed in one of three ways.
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import {
  BpfError,
  BpfMap,
  BpfObject,
  btfById,
  FileLock,
  ifIndex,
  Link,
  NetlinkMonitor,
  Program,
  RingBuffer,
  sendFrame,
  vmlinuxBtf,
  xdpFeatures,
  xdpQuery,
} from '../../lib/index.ts';
import { frame, u32, u64 } from '../bytes.ts';

let rounds = 0;
const numbers = Array.from({ length: 300 }, (_, i) => i);

/** The call must throw BpfError, or the stress test has lost its way. */
function refused(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (error instanceof BpfError) return;
    throw error;
  }
  throw new Error(`not refused: ${call}`);
}

function useMaps(object: BpfObject): void {
  const endpoints = object.map('endpoints');
  endpoints.setBatch(u32(...numbers.flatMap((i) => [i, i])), u64(...numbers), numbers.length);
  for (let cursor: Uint8Array | undefined, more = true; more; more = cursor !== undefined) {
    cursor = endpoints.getBatch(cursor, 7).cursor;
  }
  endpoints.deleteBatch(u32(...numbers.flatMap((i) => [i, i])), numbers.length);
  for (const name of ['slots', 'counters']) object.map(name).set(u32(1), object.map(name).get(u32(1)) as Uint8Array);
  refused(() => object.map('slots').set(u32(99), u64(1)));
  const inner = BpfMap.create({ name: 'inner', type: 'array', keySize: 4, valueSize: 4, maxEntries: 2 });
  object.map('tables').set(u32(0), inner);
  BpfMap.openId(inner.info.id).close();
  if (rounds % 2) inner.close();
  btfById(object.map('slots').info.btfId);
}

function usePrograms(object: BpfObject): void {
  object.map('steps').set(u32(0), object.program('drop'));
  for (const name of ['decide', 'grow', 'jump', 'report']) object.program(name).testRun({ data: frame(64 + rounds) });
  const { id } = object.program('decide').info();
  Program.openId(id).close();
  const link = Link.attachXdp(object.program('decide'), 1, { mode: 'generic' });
  refused(() => Link.attachXdp(object.program('drop'), 1, { mode: 'generic' }));
  sendFrame(1, frame(60));
  link.update(object.program('drop'));
  link.info();
  link.close();
  xdpQuery(1);
  xdpFeatures(ifIndex('lo') as number);
}

async function useEvents(object: BpfObject): Promise<void> {
  let records = 0;
  const ring = new RingBuffer(object.map('events'), () => {
    records++;
    if (records === 4) ring.close();
  });
  const monitor = new NetlinkMonitor([1], () => {});
  object.program('report').testRun({ data: frame(64), repeat: 6 });
  while (records < 4) await turn();
  monitor.close();
}

function fail(): void {
  refused(() => BpfObject.open(new Uint8Array(readFileSync('/proc/self/cmdline'))));
  refused(() => BpfMap.openPin('/nowhere'));
  refused(() => FileLock.acquire('/nowhere'));
  refused(() => new NetlinkMonitor([100_000], () => {}));
}

export async function round(file: string): Promise<void> {
  const object = rounds % 3 ? BpfObject.open(file) : BpfObject.open(readFileSync(file), { logLevel: 1 });
  object.setRodata(object.rodata());
  object.load();
  useMaps(object);
  usePrograms(object);
  await useEvents(object);
  fail();
  FileLock.acquire(file)?.release();
  if (rounds % 20 === 0) vmlinuxBtf();
  const map = object.map('slots');
  if (rounds % 3 === 0) map.close();
  if (rounds % 3 !== 2) object.close(); // else: the garbage collector's
  rounds++;
}
