// SPDX-License-Identifier: MIT
// Every packet test runs for both families, with the same roles: an address of a test, written as IPv4, stands in IPv6 in the
// last word of 2001:db8:2001:db8::/96. Its first two words cancel each other out, so that what schedulers hash is the same.
import * as abi from '../../src/abi/index.ts';

export type IpFamily = 4 | 6;

/** The run's; a test of both at once says which it means. */
export const FAMILY: IpFamily = process.env.XLVS_FAMILY === '6' ? 6 : 4;
export const isIpv6 = FAMILY === 6;

/** Bytes of an IP header without options. */
export const IP_HEADER = isIpv6 ? 40 : 20;
export const ETHER_TYPE = isIpv6 ? 0x86dd : 0x0800;
export const familyNumber = (family = FAMILY): number => (family === 6 ? abi.Family.IPV6 : abi.Family.IPV4);
export const FAMILY_NUMBER = familyNumber();
/** Bits of an address before those that a test writes. */
const PREFIX_BITS = 96;
const PREFIX = [0x20, 0x01, 0x0d, 0xb8, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0];

/** A prefix length of the test's as one of the family. */
export const prefixOf = (length: number, family = FAMILY): number => length + (family === 6 ? PREFIX_BITS : 0);

/** `192.0.2.10` as it stands in a header: 4 or 16 bytes. */
export function addressBytes(address: string, family = FAMILY): Uint8Array {
  const bytes = address.split('.').map(Number);
  return Uint8Array.from(family === 6 ? [...PREFIX, ...bytes] : bytes);
}

/** `192.0.2.10` as a number. */
export const addressNumber = (address: string): number =>
  new DataView(Uint8Array.from(address.split('.'), Number).buffer).getUint32(0);

/** As in keys that both families share. */
export function wideAddress(address: string, family = FAMILY): abi.Address {
  const view = new DataView(addressBytes(address, family).buffer);
  return { word: [0, 4, 8, 12].map((at) => (at < view.byteLength ? view.getUint32(at) : 0)) };
}

/** A network mask of the test's in such a key. */
export function wideMask(length: number, family = FAMILY): abi.Address {
  const bits = prefixOf(length, family);
  return {
    word: [0, 1, 2, 3].map((i) => {
      const own = Math.min(32, Math.max(0, bits - 32 * i));
      return own === 0 ? 0 : (0xffffffff << (32 - own)) >>> 0;
    }),
  };
}

/** As in a connection: a number for IPv4. */
export const ownAddress = (address: string): never => (isIpv6 ? wideAddress(address) : addressNumber(address)) as never;

/** The family's place in maps that have one for each. */
export const EPOCH = isIpv6 ? 1 : 0;
export const CONNECTION_RING = isIpv6 ? abi.Ring.CONNECTIONS6 : abi.Ring.CONNECTIONS;
