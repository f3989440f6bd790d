// SPDX-License-Identifier: MIT
// The Ethernet frame by which a host tells its network that an IPv4 address is now at its MAC (RFC 5227 section 3).
import { addressBytes, familyOf } from '../net/address.ts';
import { parseMac } from '../net/mac.ts';

/** Most hosts update from the request form that RFC 5227 asks for; some only from a reply. */
export type ArpForm = 'request' | 'reply';

const BROADCAST = new Uint8Array(6).fill(0xff);
const NO_MAC = new Uint8Array(6);
const ETHERTYPE_ARP = [0x08, 0x06];
/** Ethernet, IPv4, 6 bytes of MAC, 4 bytes of address */
const ARP_HEADER = [0x00, 0x01, 0x08, 0x00, 6, 4];
const OPERATION: Readonly<Record<ArpForm, readonly number[]>> = { request: [0, 1], reply: [0, 2] };
/** The shortest frame without its checksum; not every device pads. */
const MIN_FRAME = 60;

/** 60 bytes, broadcast from `mac`. Throws RangeError when either is malformed or the address is not IPv4. */
export function gratuitousArp(mac: string, address: string, form: ArpForm = 'request'): Uint8Array {
  const sender = parseMac(mac);
  if (!sender) throw new RangeError(`${JSON.stringify(mac)} is not a MAC address`);
  if (familyOf(address) !== 'ipv4') throw new RangeError(`${address} is not an IPv4 address`);
  const ours = addressBytes(address);
  const target = form === 'request' ? NO_MAC : BROADCAST;
  const frame = new Uint8Array(MIN_FRAME);
  frame.set([...BROADCAST, ...sender, ...ETHERTYPE_ARP, ...ARP_HEADER, ...OPERATION[form]]);
  frame.set([...sender, ...ours, ...target, ...ours], 22);
  return frame;
}
