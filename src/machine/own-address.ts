// SPDX-License-Identifier: MIT
// The machine's own addresses, on whatever device that is up.
import { networkInterfaces } from 'node:os';

/** `address` in its canonical form. Read anew each time: addresses come and go. */
export function isOwnAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((of) => of?.some((one) => one.address === address));
}
