// SPDX-License-Identifier: MIT
// What SCTP's packets carry (RFC 9260), by the names of their chunks.
import { chunk } from './frame.ts';

export const CHUNKS = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  ecne: 12,
  cwr: 13,
  shutdownComplete: 14,
} as const;

export type ChunkName = keyof typeof CHUNKS;

/** Fields of a packet with these chunks, each with a few bytes of content. */
export const carries = (...names: readonly ChunkName[]) =>
  ({
    protocol: 'sctp',
    chunks: Uint8Array.from(names.flatMap((name) => [...chunk(CHUNKS[name], [1, 2, 3, 4, 5, 6])])),
  }) as const;
