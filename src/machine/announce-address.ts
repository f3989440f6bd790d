// SPDX-License-Identifier: MIT
// Tells a device's network, once, that an address is now here. Repeating it is the caller's.
import { sendFrame } from 'libbpf-ts';
import { familyOf } from '../net/address.ts';
import type { Device } from './device.ts';
import { gratuitousArp } from './gratuitous-arp.ts';
import { neighbourAdvertisement } from './neighbour-advertisement.ts';

/** Sends both forms of gratuitous ARP, or an unsolicited neighbour advertisement. Throws BpfError; it needs CAP_NET_RAW. */
export function announceAddress(device: Device, address: string): void {
  if (familyOf(address) === 'ipv6') {
    sendFrame(device.ifindex, neighbourAdvertisement(device.mac, address));
    return;
  }
  for (const form of ['request', 'reply'] as const) sendFrame(device.ifindex, gratuitousArp(device.mac, address, form));
}
