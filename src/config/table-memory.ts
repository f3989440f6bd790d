// SPDX-License-Identifier: MIT
// About how much kernel memory the tables of a config take: they are preallocated, so an operator wants to know before.
import type { Tables } from '../model/model.ts';

/** Bytes of one entry with the kernel's own part. A connection has two, one for each direction, and so has its copy. */
const ENTRY_BYTES: Readonly<Record<keyof Tables, number>> = {
  connections: 2 * 152,
  ipv6Connections: 2 * 216,
  copies: 2 * 32,
  persistence: 128,
  fragments: 96,
};

/** An estimate in bytes. */
export function tableMemory(tables: Tables): number {
  return (
    tables.connections * ENTRY_BYTES.connections +
    (tables.ipv6Connections ?? 0) * ENTRY_BYTES.ipv6Connections +
    (tables.copies ?? tables.connections) * ENTRY_BYTES.copies +
    tables.persistence * ENTRY_BYTES.persistence +
    tables.fragments * ENTRY_BYTES.fragments
  );
}
