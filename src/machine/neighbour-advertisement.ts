// SPDX-License-Identifier: MIT
// The Ethernet frame by which a router tells its network that an IPv6 address is now at its MAC: an unsolicited neighbour
// advertisement (RFC 4861 sections 4.4 and 7.2.6).
import { addressBytes, familyOf } from '../net/address.ts';
import { parseMac } from '../net/mac.ts';

const ALL_NODES_MAC = [0x33, 0x33, 0, 0, 0, 1];
const ETHERTYPE_IPV6 = [0x86, 0xdd];
const ICMPV6 = 58;
const ADVERTISEMENT = 136;
/** Router, and override what caches hold; nobody has asked. */
const FLAGS = 0xa0;
const TARGET_MAC_OPTION = [2, 1];
/** Others drop what has passed a router. */
const HOP_LIMIT = 255;
const LENGTH = 32;

/** Over the pseudo header and the message (RFC 4443 section 2.3). */
function checksum(addresses: readonly number[], message: readonly number[]): number {
  const bytes = [...addresses, 0, 0, 0, message.length, 0, 0, 0, ICMPV6, ...message];
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

/** 86 bytes, to all nodes from `mac`. Throws RangeError when either is malformed or the address is not IPv6. */
export function neighbourAdvertisement(mac: string, address: string): Uint8Array {
  const sender = parseMac(mac);
  if (!sender) throw new RangeError(`${JSON.stringify(mac)} is not a MAC address`);
  if (familyOf(address) !== 'ipv6') throw new RangeError(`${address} is not an IPv6 address`);
  const target = [...addressBytes(address)];
  const addresses = [...target, ...addressBytes('ff02::1')];
  const message = [ADVERTISEMENT, 0, 0, 0, FLAGS, 0, 0, 0, ...target, ...TARGET_MAC_OPTION, ...sender];
  const sum = checksum(addresses, message);
  message.splice(2, 2, sum >> 8, sum & 255);
  const header = [0x60, 0, 0, 0, 0, LENGTH, ICMPV6, HOP_LIMIT];
  return Uint8Array.from([...ALL_NODES_MAC, ...sender, ...ETHERTYPE_IPV6, ...header, ...addresses, ...message]);
}
