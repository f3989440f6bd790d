// SPDX-License-Identifier: MIT
// Walks a whole map in batches of raw bytes: one system call per batch where the kernel can, entry by entry elsewhere.
import type { BpfMap, MapInfo } from 'libbpf-ts';

/** Entries per system call unless the caller says otherwise. */
export const DEFAULT_BATCH = 4096;

/** Raw entries: `count` keys of `keySize` and `count` values of `valueStride` bytes, one after another. */
export interface RawBatch {
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  readonly count: number;
}

const MAX_BATCH_BYTES = 16 * 1024 * 1024;

const BATCHED = new Set(['hash', 'array', 'percpu_hash', 'percpu_array', 'lru_hash', 'lru_percpu_hash']);

const affordable = (info: MapInfo): number =>
  Math.max(1, Math.floor(MAX_BATCH_BYTES / (info.keySize + info.valueStride)));

/** Every entry once; one added or deleted during the walk may or may not appear. */
export function scan(map: BpfMap, info: MapInfo, count = DEFAULT_BATCH): Generator<RawBatch> {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`batch of ${count} entries: at least 1 expected`);
  const entries = Math.min(count, affordable(info), info.maxEntries);
  return BATCHED.has(info.typeName) ? scanBatches(map, entries) : scanKeys(map, info, entries);
}

/** Of an array, these slots alone. */
export function* scanSlots(map: BpfMap, info: MapInfo, first: number, count: number): Generator<RawBatch> {
  if (!(first >= 0 && count >= 0 && first + count <= info.maxEntries))
    throw new RangeError(`map ${info.name}: ${count} slots from ${first} on, it has ${info.maxEntries}`);
  for (let at = first; at < first + count; ) {
    // the kernel begins behind the key it is given
    const before = at === 0 ? undefined : new Uint8Array(Uint32Array.of(at - 1).buffer);
    const batch = map.getBatch(before, Math.min(first + count - at, affordable(info)));
    if (batch.count === 0) throw new RangeError(`map ${info.name}: nothing in slot ${at}`);
    yield batch;
    at += batch.count;
  }
}

function* scanBatches(map: BpfMap, count: number): Generator<RawBatch> {
  let cursor: Uint8Array | undefined;
  do {
    const batch = map.getBatch(cursor, count);
    if (batch.count > 0) yield batch;
    cursor = batch.cursor;
  } while (cursor !== undefined);
}

/**
 * The next key is fetched before a batch is handed out: the caller may delete what it was given without sending the
 * kernel back to the first key, which is what the kernel does when asked for the successor of a key that is gone. A key
 * deleted by someone else at that very moment still does, and entries then appear twice.
 */
function* scanKeys(map: BpfMap, info: MapInfo, capacity: number): Generator<RawBatch> {
  const { keySize, valueStride } = info;
  let key = map.nextKey();
  while (key !== undefined) {
    const keys = new Uint8Array(capacity * keySize);
    const values = new Uint8Array(capacity * valueStride);
    let count = 0;
    for (; key !== undefined && count < capacity; key = map.nextKey(key)) {
      const value = map.get(key);
      if (value === undefined) continue; // an empty slot, or deleted since
      keys.set(key, count * keySize);
      values.set(value, count * valueStride);
      count++;
    }
    if (count > 0) yield { keys, values, count };
  }
}
