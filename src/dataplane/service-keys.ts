// SPDX-License-Identifier: MIT
// A service's identity in the model, in the maps, and as text.
import * as abi from '../abi/index.ts';
import type { Family, Protocol, ServiceKey } from '../model/model.ts';
import {
  addressFromAbi,
  addressToAbi,
  familyNumberOf,
  familyToAbi,
  protocolName,
  protocolNumber,
} from './abi-values.ts';

export function serviceKeyToAbi(key: ServiceKey): abi.ServiceKey {
  if (key.kind === 'mark') {
    const family = familyToAbi(key.family);
    return { address: { word: [key.mark, 0, 0, 0] }, port: 0, protocol: 0, family };
  }
  return {
    address: addressToAbi(key.address),
    port: key.port,
    protocol: protocolNumber(key.protocol),
    family: familyNumberOf(key.address),
  };
}

export function serviceKeyFromAbi(key: abi.ServiceKey): ServiceKey {
  if (key.protocol === 0) {
    const family = key.family === abi.Family.IPV6 ? 'ipv6' : 'ipv4';
    return { kind: 'mark', mark: key.address.word[0] ?? 0, family };
  }
  const address = addressFromAbi(key.address, key.family);
  return { kind: 'address', protocol: protocolName(key.protocol), address, port: key.port };
}

/** One text per identity, e.g. `tcp 192.0.2.10:80`, `mark 80 ipv4`. */
export function serviceKeyText(key: ServiceKey): string {
  if (key.kind === 'mark') return `mark ${key.mark} ${key.family}`;
  const address = key.address.includes(':') ? `[${key.address}]` : key.address;
  return `${key.protocol} ${address}:${key.port}`;
}

const ADDRESS_TEXT = /^(tcp|udp|sctp) \[?([^\]]*?)\]?:(\d+)$/;
const MARK_TEXT = /^mark (\d+) (ipv4|ipv6)$/;

/** The identity that `serviceKeyText` wrote. */
export function serviceKeyFromText(text: string): ServiceKey | undefined {
  const [, mark, family] = MARK_TEXT.exec(text) ?? [];
  if (mark !== undefined) return { kind: 'mark', mark: Number(mark), family: family as Family };
  const [, protocol, address = '', port] = ADDRESS_TEXT.exec(text) ?? [];
  if (protocol === undefined) return undefined;
  return { kind: 'address', protocol: protocol as Protocol, address, port: Number(port) };
}
