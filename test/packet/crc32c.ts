// SPDX-License-Identifier: MIT
// CRC32c bit by bit, as its polynomial says: 0x1edc6f41, low bit first.

/** Of a message; check value: `e3069283` for `123456789`. */
export function crc32c(message: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of message) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
