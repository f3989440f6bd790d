// SPDX-License-Identifier: MIT
// A service and its servers as listings and as the lines of -S name them.
import {
  type Family,
  FLAG_NAMES,
  type Persistence,
  type Protocol,
  type Scheduler,
  type Service,
  type ServiceFlag,
} from '../model/model.ts';
import { netmaskOfPrefix } from '../net/prefix.ts';
import type { PlaceText } from './names.ts';

type Head = Pick<Service, 'key' | 'scheduler' | 'persistence' | 'flags' | 'onePacket'>;

const OPTION: Readonly<Record<Protocol, string>> = { tcp: '-t', udp: '-u', sctp: '--sctp-service' };
/** Names of IPv4 are cut to this; sprintf fills no more of the line. */
const NAME_WIDTH = 33;

/** A number printed by %d: marks above 2147483647 are negative. */
const signed = (mark: number): number => mark | 0;

export function familyOfKey(key: Service['key']): Family {
  if (key.kind === 'mark') return key.family;
  return key.address.includes(':') ? 'ipv6' : 'ipv4';
}

/** Ports of a mark's servers belong to no protocol, so that ipvsadm has no names for them. */
export function protocolOfKey(key: Service['key']): Protocol | undefined {
  return key.kind === 'mark' ? undefined : key.protocol;
}

/** `TCP  192.0.2.10:80`, `FWM  80 IPv6`. */
export async function listedName({ key }: Pick<Head, 'key'>, text: PlaceText): Promise<string> {
  if (key.kind === 'mark') return `FWM  ${signed(key.mark)}${key.family === 'ipv6' ? ' IPv6' : ''}`;
  const name = `${key.protocol.toUpperCase().padEnd(4)} ${await text(key, key.protocol)}`;
  return familyOfKey(key) === 'ipv6' ? name : name.slice(0, NAME_WIDTH);
}

/** `-t 192.0.2.10:80`, `-f 80 -6`. Marks as they are: ipvsadm itself cannot read the negative ones that it writes. */
export async function ruleName({ key }: Pick<Head, 'key'>, text: PlaceText): Promise<string> {
  if (key.kind === 'mark') return `-f ${key.mark}${key.family === 'ipv6' ? ' -6' : ''}`;
  return `${OPTION[key.protocol]} ${await text(key, key.protocol)}`;
}

/** `wlc (flags) persistent 300 mask 255.255.255.0 ops`. */
export function settingsText({ key, scheduler, persistence, flags, onePacket }: Head): string {
  const parts: string[] = [scheduler];
  if (flags?.length) parts.push(`(${flagsText(scheduler, flags)})`);
  if (persistence) parts.push(`persistent ${persistence.timeout}`, ...maskWords('mask', key, persistence));
  if (onePacket) parts.push('ops');
  return parts.join(' ');
}

/** `-s wlc -p 300 -M 255.255.255.0 -o -b sh-fallback,sh-port`. No `-b` without a name behind it: ipvsadm writes what -R cannot read. */
export function settingsRule({ key, scheduler, persistence, flags, onePacket }: Head): string {
  const parts: string[] = ['-s', scheduler];
  if (persistence) parts.push(`-p ${persistence.timeout}`, ...maskWords('-M', key, persistence));
  if (onePacket) parts.push('-o');
  const named = flagsText(scheduler, flags ?? []);
  if (named) parts.push('-b', named);
  return parts.join(' ');
}

/** Nothing for the whole address. */
function maskWords(word: string, key: Service['key'], { prefix }: Persistence): string[] {
  if (familyOfKey(key) === 'ipv6') return prefix === 128 ? [] : [word, String(prefix)];
  return prefix === 32 ? [] : [word, netmaskOfPrefix(prefix)];
}

/** In the order of IPVS's bits. */
const FLAG_ORDER: readonly ServiceFlag[] = [
  ...(['sh-fallback', 'mh-fallback', 'flag-1'] as const),
  ...(['sh-port', 'mh-port', 'flag-2'] as const),
  'flag-3',
];

/** ipvsadm has no name for the third flag of sh and mh, and keeps silent about it; the brackets remain. */
function flagsText(scheduler: Scheduler, flags: readonly ServiceFlag[]): string {
  return FLAG_ORDER.filter((flag) => flags.includes(flag) && !(FLAG_NAMES[scheduler] && flag === 'flag-3')).join(',');
}
