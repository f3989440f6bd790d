// SPDX-License-Identifier: MIT
// Ethernet addresses as text and bytes.

const MAC_BYTES = 6;
const MAC = /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4})$/i;

/** Reads `02:00:00:00:00:01` (or with `-`) as 6 bytes in wire order; `undefined` when the text is none. */
export function parseMac(text: string): Uint8Array | undefined {
  if (!MAC.test(text)) return undefined;
  return Uint8Array.from(text.split(/[:-]/), (pair) => Number.parseInt(pair, 16));
}

/** `02:00:00:00:00:01`. Throws RangeError unless there are 6 bytes. */
export function formatMac(bytes: Uint8Array): string {
  if (bytes.length !== MAC_BYTES) throw new RangeError(`a MAC address has 6 bytes, not ${bytes.length}`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
