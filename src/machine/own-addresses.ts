// SPDX-License-Identifier: MIT
// The machine's own addresses, on whatever device that is up.
import { networkInterfaces } from 'node:os';

/** As they are now, each in its canonical form. */
export function ownAddresses(): ReadonlySet<string> {
  return new Set(Object.values(networkInterfaces()).flatMap((of) => of?.map(({ address }) => address) ?? []));
}
