// SPDX-License-Identifier: MIT
// The addresses that services with snat speak to their servers from: of the device to the server, the one in the server's
// network, else the first. A VIP only where there is no other: it may move away, and a server may have it too.
import type * as abi from '../abi/index.ts';
import { isLinkLocalIpv6, parseAddress } from '../net/address.ts';
import { networkOf } from '../net/prefix.ts';
import { addressFromAbi, addressToAbi, familyNumberOf } from './abi-values.ts';
import type { RouterMaps } from './pins.ts';
import { serviceKeyFromAbi } from './service-keys.ts';

/** One address of one of xlvs's devices, in the kernel's order. */
export interface OwnDeviceAddress {
  readonly ifindex: number;
  readonly address: string;
  /** prefix length */
  readonly length: number;
}

type Maps = Pick<RouterMaps, 'snat_addresses' | 'services'>;
type Entry = readonly [abi.SnatAddressKey, string];

/** Of a key: the device and the family, which always count. */
const FIXED_BITS = 64;

function isLinkLocal(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && isLinkLocalIpv6(address);
}

function virtualAddresses({ services }: Maps): Set<string> {
  const keys = [...services.keys()].map(serviceKeyFromAbi);
  return new Set(keys.flatMap((key) => (key.kind === 'address' ? [key.address] : [])));
}

/** For its network, and for all that no network of the device has. */
function entriesOf({ ifindex, address, length }: OwnDeviceAddress): Entry[] {
  const family = familyNumberOf(address);
  const key = (bits: number): abi.SnatAddressKey => ({
    prefixlen: FIXED_BITS + bits,
    ifindex,
    family,
    address: addressToAbi(networkOf(address, bits)),
  });
  return [
    [key(length), address],
    [key(0), address],
  ];
}

const textOf = ({ prefixlen, ifindex, family, address }: abi.SnatAddressKey): string =>
  `${prefixlen} ${ifindex} ${family} ${address.word.join(' ')}`;

/** Makes the map hold what follows from these addresses; writes only what differs. Returns whether anything did. */
export function writeSnatAddresses(maps: Maps, addresses: readonly OwnDeviceAddress[]): boolean {
  const virtual = virtualAddresses(maps);
  const usable = addresses.filter(({ address }) => !isLinkLocal(address));
  const own = usable.filter(({ address }) => !virtual.has(address));
  const wanted = new Map<string, Entry>();
  for (const entry of [...own, ...usable].flatMap(entriesOf)) {
    const text = textOf(entry[0]);
    if (!wanted.has(text)) wanted.set(text, entry);
  }
  return replace(maps, wanted);
}

function replace({ snat_addresses: map }: Maps, wanted: ReadonlyMap<string, Entry>): boolean {
  const present = new Map([...map.entries()].map((entry) => [textOf(entry[0]), entry] as const));
  const gone = [...present].filter(([text]) => !wanted.has(text));
  const fresh = [...wanted].filter(([text, [key, address]]) => {
    const old = present.get(text)?.[1];
    return old === undefined || addressFromAbi(old, key.family) !== address;
  });
  for (const [, [key]] of gone) map.delete(key);
  for (const [, [key, address]] of fresh) map.set(key, addressToAbi(address));
  return gone.length + fresh.length > 0;
}
