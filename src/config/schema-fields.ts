// SPDX-License-Identifier: MIT
// The kinds of single values a config file holds. Every message is the text after "accepted:".
import { z } from 'zod';
import { type Address, isHostAddress, isLinkLocalIpv6, parseAddress } from '../net/address.ts';
import { parseHostPort } from '../net/endpoint.ts';
import { parsePortRange } from '../net/port-range.ts';
import { networkOf, type Prefix, parsePrefix, prefixOfNetmask } from '../net/prefix.ts';
import { DURATION, parseDuration } from './duration.ts';
import { anyOf } from './words.ts';

/** IPVS's longest timeout: 31 days, in seconds. */
export const DURATION_MAX = 31 * 24 * 3600;

const NO_HOST = 'an address a host can have: not in 0.0.0.0/8, no loopback, multicast, broadcast or IPv4-mapped one';
const NOT_ROUTED = 'an address that routers forward to: no IPv6 link-local one (fe80::/10)';

/** A whole number in `min..max`. */
export function whole(min: number, max: number) {
  const accepted = `a number ${min}..${max}`;
  return z.int(accepted).min(min, accepted).max(max, accepted);
}

/** One of the words; `offered` are those worth naming when it is none. */
export function word<const W extends readonly [string, ...string[]]>(words: W, offered: readonly string[] = words) {
  return z.enum(words, anyOf(offered));
}

export const flag = z.boolean('true or false');

const DURATIONS = 'a duration of 1 second to 31 days: 300, 300s, 5m, 1h';
/** 1 second to 31 days. */
export const duration = z
  .union([z.int(DURATIONS), z.string(DURATIONS).regex(DURATION, DURATIONS)], DURATIONS)
  .refine((value) => isInRange(parseDuration(value)), DURATIONS)
  .meta({ description: 'seconds, or a number with s, m or h' });

const ADDRESS = 'an IPv4 or IPv6 address';

/** A single host's address, as a service and a server have it. */
export const hostAddress = text(ADDRESS, (value) => parseAddress(value) !== undefined)
  .refine((value) => isIfParsed(parseAddress(value), isHostAddress), NO_HOST)
  .refine((value) => isIfParsed(parseAddress(value), (address) => !isLinkLocalIpv6(address)), NOT_ROUTED);

/** A host's address with the length of its network. It may be link-local: the gateway of the servers. */
export const interfaceAddress = text(`${ADDRESS} with its prefix length, like 192.0.2.10/24`, (value) => {
  return (parsePrefix(value)?.length ?? 0) > 0;
})
  .refine((value) => isIfParsed(parseAddress(value.split('/')[0] ?? ''), isHostAddress), NO_HOST)
  .refine(
    (value) => isIfParsed(parsePrefix(value), isHostInNetwork),
    "a host's address: this is the network's own, or its broadcast address",
  );

/** Any network. */
export const prefix = text(`${ADDRESS} or prefix, like 192.0.2.0/28`, (value) => parsePrefix(value) !== undefined);

export const netmask = text('a netmask other than 0.0.0.0 whose ones are all in front, like 255.255.255.0', (value) => {
  return (prefixOfNetmask(value) ?? 0) > 0;
});

const PORTS = 'a port 0..65535, a range like 10000-20000, or any';
export const portItem = z
  .union([z.int(PORTS), z.string(PORTS)], PORTS)
  .refine((value) => parsePortRange(value) !== undefined, PORTS);

/** What Linux allows as the name of a network device. */
export const deviceName = text('the name of a network device: 1..15 characters without spaces, / and :', (value) => {
  return /^[^\s/:\p{Cc}]{1,15}$/u.test(value) && Buffer.byteLength(value) <= 15 && value !== '.' && value !== '..';
});

export const serviceName = text("a name: 1..63 letters, digits, '.', '_' or '-' (a number in quotes)", (value) => {
  return /^[A-Za-z0-9._-]{1,63}$/.test(value);
});

export const listenAt = text('an address or host name with a port, like 127.0.0.1:9113 or [::1]:9113', (value) => {
  return parseHostPort(value) !== undefined;
});

function text(accepted: string, isValid: (value: string) => boolean) {
  return z.string(accepted).refine(isValid, { error: accepted, abort: true });
}

function isInRange(seconds: number | undefined): boolean {
  return seconds !== undefined && seconds >= 1 && seconds <= DURATION_MAX;
}

/** A value that could not be read has been refused already. */
function isIfParsed<T>(value: T | undefined, isValid: (value: T) => boolean): boolean {
  return value === undefined || isValid(value);
}

/** RFC 3021: a network of one or two addresses has no network or broadcast address of its own. */
function isHostInNetwork({ family, address, length }: Prefix): boolean {
  if (family === 'ipv6' || length > 30) return true;
  const { bytes } = parseAddress(address) as Address;
  const inverse = bytes.map((byte) => ~byte & 0xff).join('.');
  return networkOf(address, length) !== address && networkOf(inverse, length) !== inverse;
}
