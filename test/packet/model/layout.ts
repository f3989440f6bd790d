// SPDX-License-Identifier: MIT
// Where things stand in the headers of each family, and which messages of its ICMP are errors.
import type { IpFamily } from '../family.ts';

export interface Layout {
  /** Bytes without options. */
  readonly header: number;
  /** Offsets in the header. */
  readonly source: number;
  readonly destination: number;
  readonly hops: number;
  readonly icmp: number;
  /** Those that are looked into. */
  isError(type: number): boolean;
}

export const LAYOUTS: Record<IpFamily, Layout> = {
  4: { header: 20, source: 12, destination: 16, hops: 8, icmp: 1, isError: (type) => [3, 4, 11].includes(type) },
  6: { header: 40, source: 8, destination: 24, hops: 7, icmp: 58, isError: (type) => type < 128 },
};
