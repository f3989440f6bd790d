// SPDX-License-Identifier: MIT
// Networks as `address/length`: reading, masking, containment, netmasks. A prefix keeps its host bits until asked.
import { type Address, type AddressFamily, addressBits, addressBytes, formatAddress, parseAddress } from './address.ts';

export interface Prefix {
  readonly family: AddressFamily;
  /** canonical address as written, host bits kept */
  readonly address: string;
  /** 0..32 or 0..128 */
  readonly length: number;
}

const LENGTH = /^(0|[1-9]\d{0,2})$/;

/** Reads `address/length`, or a bare address as its full length. `undefined` when the text is neither. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return undefined;
  const length = slash < 0 ? addressBits(address.family) : lengthOf(text.slice(slash + 1), address);
  return length === undefined ? undefined : { family: address.family, address: address.text, length };
}

/** `address/length`, host bits kept. */
export function formatPrefix(prefix: Prefix): string {
  return `${prefix.address}/${prefix.length}`;
}

/** `network/length`, host bits cleared. Throws RangeError when the text is no prefix. */
export function canonicalPrefix(text: string): string {
  const prefix = prefixOrThrow(text);
  return `${networkOf(prefix.address, prefix.length)}/${prefix.length}`;
}

/** The address with all but its first `length` bits cleared. Throws RangeError on bad input. */
export function networkOf(address: string, length: number): string {
  const bytes = addressBytes(address);
  if (!Number.isInteger(length) || length < 0 || length > bytes.length * 8)
    throw new RangeError(`prefix length ${length} is not in 0..${bytes.length * 8}`);
  return formatAddress(bytes.map((byte, i) => byte & maskByte(length, i)));
}

/**
 * Whether the network `outer` (`address/length`) holds all of `inner`, an address or another network. Families never
 * hold one another. Throws RangeError when either text is no prefix.
 */
export function prefixContains(outer: string, inner: string): boolean {
  const a = prefixOrThrow(outer);
  const b = prefixOrThrow(inner);
  if (a.family !== b.family || a.length > b.length) return false;
  return networkOf(a.address, a.length) === networkOf(b.address, a.length);
}

/** `255.255.255.0` → 24; `undefined` when the text is no IPv4 netmask or its ones are not all in front. */
export function prefixOfNetmask(netmask: string): number | undefined {
  const address = parseAddress(netmask);
  if (address?.family !== 'ipv4') return undefined;
  const bits = [...address.bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const ones = bits.indexOf('0');
  if (ones < 0) return bits.length;
  return bits.includes('1', ones) ? undefined : ones;
}

/** 24 → `255.255.255.0`. Throws RangeError outside 0..32. */
export function netmaskOfPrefix(length: number): string {
  return networkOf('255.255.255.255', length);
}

function prefixOrThrow(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix) throw new RangeError(`${JSON.stringify(text)} is not an address/length`);
  return prefix;
}

function lengthOf(text: string, address: Address): number | undefined {
  if (!LENGTH.test(text)) return undefined;
  const length = Number(text);
  return length <= addressBits(address.family) ? length : undefined;
}

/** The mask's byte `index` for a prefix of `length` bits. */
function maskByte(length: number, index: number): number {
  const ones = Math.min(8, Math.max(0, length - index * 8));
  return (0xff << (8 - ones)) & 0xff;
}
