// SPDX-License-Identifier: MIT
// A worker thread of the tests: opens, uses and closes; then stays, leaves all open behind, or is told to die.
import { parentPort, workerData } from 'node:worker_threads';
import { BpfError, BpfMap, BpfObject, FileLock, NetlinkMonitor, RingBuffer } from '../lib/index.ts';
import { frame, u32, u64 } from './bytes.ts';

const { file, rounds, end } = workerData as { file: string; rounds: number; end: 'close' | 'leave' | 'stay' };

function load(): BpfObject {
  const object = BpfObject.open(file);
  object.load();
  return object;
}

let errors = 0;
for (let round = 0; round < rounds; round++) {
  const object = load();
  const map = object.map('slots');
  map.set(u32(1), u64(round));
  object.program('drop').testRun({ data: frame(64) });
  object.close();
  try {
    map.get(u32(1));
  } catch (error) {
    if (error instanceof BpfError && error.code === 'EBADF') errors++;
  }
}

const object = load();
let records = 0;
const ring = new RingBuffer(object.map('events'), () => {
  records++;
  if (end === 'stay') report();
  else if (records === 3) finish();
});
const monitor = new NetlinkMonitor([1], () => {});
const report = () => object.program('report').testRun({ data: frame(64) });
for (let i = 0; i < 3; i++) report();

function finish(): void {
  parentPort?.postMessage({ errors, records });
  if (end === 'close') {
    for (const handle of [ring, monitor, object]) handle.close();
    return;
  }
  BpfMap.create({ name: 'left', type: 'array', keySize: 4, valueSize: 4, maxEntries: 1 });
  FileLock.acquire(file);
  process.exit(0);
}
if (end === 'stay') parentPort?.postMessage({ errors, records });
