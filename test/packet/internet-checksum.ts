// SPDX-License-Identifier: MIT
// The Internet checksum of RFC 1071, summed from scratch over every byte, word by word: the plain truth that the data
// plane's differences are held against.

/** The sum of the 16-bit words, an odd last byte padded with zero, end-around carry folded in. */
export function onesComplementSum(bytes: Uint8Array, start = 0): number {
  let sum = start;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  if (bytes.length % 2 === 1) sum += (bytes[bytes.length - 1] as number) << 8;
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return sum;
}

/** What stands in a header whose checksum field is zero in `bytes`. */
export function internetChecksum(bytes: Uint8Array): number {
  return ~onesComplementSum(bytes) & 0xffff;
}

/** TCP's and UDP's: over a pseudo header of addresses, protocol and length first. `ip` is a whole IPv4 packet. */
export function segmentChecksum(ip: Uint8Array): number {
  const header = ((ip[0] as number) & 15) * 4;
  const length = (((ip[2] as number) << 8) | (ip[3] as number)) - header;
  const pseudo = onesComplementSum(ip.subarray(12, 20), (ip[9] as number) + length);
  return ~onesComplementSum(ip.subarray(header, header + length), pseudo) & 0xffff;
}
