// SPDX-License-Identifier: MIT
// Contract of RingBuffer, which is implemented in src/ring_buffer.cpp.
import type { BpfError } from './bpf-error.ts';
import type { BpfMap } from './bpf-map.ts';

export interface RingBufferOptions {
  /** Without it, a failing ring buffer is an uncaught exception. */
  onError?: (error: BpfError) => void;
}

/**
 * Reads a map of type `ringbuf` for as long as it is open; never collected as garbage. The map's handle may be closed
 * meanwhile. One reader per map: a second one steals the first one's records.
 */
export declare class RingBuffer {
  /**
   * @param onRecord gets a copy of each record, in order, one call of the event loop each. What it throws is an
   *   uncaught exception, and the record counts as read.
   */
  constructor(map: BpfMap, onRecord: (record: Uint8Array) => void, options?: RingBufferOptions);

  /** Keeps the process running (the default), or no longer does. */
  ref(): void;
  unref(): void;

  /** Idempotent, also from within `onRecord`. Records that were not delivered stay in the map. */
  close(): void;
  [Symbol.dispose](): void;
}
