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

/**
 * TCP's, UDP's and ICMPv6's: over a pseudo header of addresses, protocol and length first. `ip` is a whole packet whose
 * segment of that protocol begins `at`.
 */
export function segmentChecksum(ip: Uint8Array, at: number, protocol: number): number {
  const isIpv6 = (ip[0] as number) >> 4 === 6;
  const word = (place: number): number => ((ip[place] as number) << 8) | (ip[place + 1] as number);
  const length = (isIpv6 ? 40 + word(4) : word(2)) - at;
  const addresses = isIpv6 ? ip.subarray(8, 40) : ip.subarray(12, 20);
  const pseudo = onesComplementSum(addresses, protocol + length);
  return ~onesComplementSum(ip.subarray(at, at + length), pseudo) & 0xffff;
}
