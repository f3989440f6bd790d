// SPDX-License-Identifier: MIT
// IP addresses as text and as bytes in network order. Knows nothing of prefixes, ports or interfaces.
import ipaddr from 'ipaddr.js';

export type AddressFamily = 'ipv4' | 'ipv6';

/** An address in its one canonical form (RFC 5952 for IPv6). */
export interface Address {
  readonly family: AddressFamily;
  readonly text: string;
  /** network order: 4 bytes (IPv4) or 16 (IPv6) */
  readonly bytes: Uint8Array;
}

const ADDRESS_BYTES: Readonly<Record<AddressFamily, number>> = { ipv4: 4, ipv6: 16 };
const DOTTED_QUAD = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const IPV6_CHARACTERS = /^[0-9a-fA-F:.]{2,45}$/;

/**
 * Reads an address; `undefined` when the text is none. IPv4 is four decimal numbers without leading zeros (which
 * some programs read as octal); IPv6 has no zone.
 */
export function parseAddress(text: string): Address | undefined {
  const bytes = text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);
  return bytes && addressOf(bytes);
}

/** The canonical text. Throws RangeError when the text is no address. */
export function canonicalAddress(text: string): string {
  return addressOrThrow(text).text;
}

/** Throws RangeError when the text is no address. */
export function familyOf(text: string): AddressFamily {
  return addressOrThrow(text).family;
}

/** The address in network order: 4 bytes (IPv4) or 16 (IPv6). Throws RangeError when the text is no address. */
export function addressBytes(text: string): Uint8Array {
  return addressOrThrow(text).bytes;
}

/** Canonical text of 4 or 16 bytes in network order. Throws RangeError on any other length. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === ADDRESS_BYTES.ipv4) return bytes.join('.');
  if (bytes.length !== ADDRESS_BYTES.ipv6) throw new RangeError(`an address has 4 or 16 bytes, not ${bytes.length}`);
  return new ipaddr.IPv6([...bytes]).toRFC5952String();
}

/** Bits in an address of the family: 32 or 128. */
export function addressBits(family: AddressFamily): number {
  return ADDRESS_BYTES[family] * 8;
}

/** Whether one host can have this address and be reached at it over a network: not 0/8, loopback, multicast, broadcast or IPv4-mapped. */
export function isHostAddress(address: Address): boolean {
  const first = address.bytes[0] ?? 0;
  if (address.family === 'ipv4') return first !== 0 && first !== 127 && first < 224;
  return first !== 0xff && address.text !== '::' && address.text !== '::1' && !isMapped(address);
}

/** Whether it is in fe80::/10, which no router forwards. Linux forwards IPv4's 169.254.0.0/16. */
export function isLinkLocalIpv6({ family, bytes: [first = 0, second = 0] }: Address): boolean {
  return family === 'ipv6' && first === 0xfe && second >> 6 === 0b10;
}

/** Whether it is in ::ffff:0:0/96: IPv4 addresses as programs have them in IPv6 sockets, in no packet (RFC 4291 section 2.5.5.2). */
function isMapped({ bytes }: Address): boolean {
  return bytes.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff));
}

function addressOf(bytes: Uint8Array): Address {
  return { family: bytes.length === ADDRESS_BYTES.ipv4 ? 'ipv4' : 'ipv6', text: formatAddress(bytes), bytes };
}

function addressOrThrow(text: string): Address {
  const address = parseAddress(text);
  if (!address) throw new RangeError(`${JSON.stringify(text)} is not an IP address`);
  return address;
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = DOTTED_QUAD.exec(text)?.slice(1);
  if (!parts) return undefined;
  const numbers = parts.map(Number);
  const isCanonical = parts.every((part, i) => part === String(numbers[i]) && Number(part) <= 255);
  return isCanonical ? Uint8Array.from(numbers) : undefined;
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  if (!IPV6_CHARACTERS.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
}
