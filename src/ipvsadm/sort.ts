// SPDX-License-Identifier: MIT
// The order of listings: by mark, family, protocol, address, port; servers by address and port.
import type { ServiceKey } from '../model/model.ts';
import { addressBytes } from '../net/address.ts';

const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132 } as const;

/**
 * The sign of an int's subtraction, as in ipvsadm: addresses that are 2^31 or more apart are the wrong way round
 * (192.0.2.1 stands before 10.0.0.1).
 */
const wordOrder = (a: number, b: number): number => (a - b) | 0;

function addressOrder(a: string, b: string): number {
  const one = new DataView(Uint8Array.from(addressBytes(a)).buffer);
  const other = new DataView(Uint8Array.from(addressBytes(b)).buffer);
  if (one.byteLength !== other.byteLength) return one.byteLength - other.byteLength;
  for (let at = 0; at < one.byteLength; at += 4) {
    const order = wordOrder(one.getUint32(at), other.getUint32(at));
    if (order !== 0) return order;
  }
  return 0;
}

interface Place {
  readonly address: string;
  readonly port: number;
}

export function placeOrder(a: Place, b: Place): number {
  return addressOrder(a.address, b.address) || a.port - b.port;
}

export function serviceOrder({ key: a }: { key: ServiceKey }, { key: b }: { key: ServiceKey }): number {
  if (a.kind === 'mark' && b.kind === 'mark') return wordOrder(a.mark, b.mark) || a.family.localeCompare(b.family);
  if (a.kind === 'mark') return wordOrder(a.mark, 0);
  if (b.kind === 'mark') return wordOrder(0, b.mark);
  const families = addressBytes(a.address).length - addressBytes(b.address).length;
  return families || PROTOCOLS[a.protocol] - PROTOCOLS[b.protocol] || placeOrder(a, b);
}
