// SPDX-License-Identifier: MIT
// An address or host name with a port, written `a:port` or `[v6]:port`. Resolves no names.
import { parseAddress } from './address.ts';
import { parsePortRange } from './port-range.ts';

export interface Endpoint {
  /** canonical, without brackets */
  readonly address: string;
  /** 0..65535 */
  readonly port: number;
}

/** A place to listen at. */
export interface HostPort {
  /** a canonical address without brackets, or a host name in lower case */
  readonly host: string;
  /** 0..65535 */
  readonly port: number;
}

const SHAPE = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/;
const HOST_NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** A last label of digits means somebody tried to write an address. */
const LIKE_IPV4 = /(?:^|\.)\d+$/;

/** Reads `192.0.2.1:80` or `[2001:db8::1]:80`; `undefined` when the text is neither. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const split = splitHostPort(text);
  const address = split && parseAddress(split.host);
  if (!address || (address.family === 'ipv6') !== split.isBracketed) return undefined;
  return { address: address.text, port: split.port };
}

/** Reads an endpoint, or `name:port`; `undefined` when the text is neither. */
export function parseHostPort(text: string): HostPort | undefined {
  const endpoint = parseEndpoint(text);
  if (endpoint) return { host: endpoint.address, port: endpoint.port };
  const split = splitHostPort(text.toLowerCase());
  if (!split || split.isBracketed || !HOST_NAME.test(split.host) || LIKE_IPV4.test(split.host)) return undefined;
  return { host: split.host, port: split.port };
}

/** `192.0.2.1:80` or `[2001:db8::1]:80`. */
export function formatEndpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function splitHostPort(text: string): { host: string; port: number; isBracketed: boolean } | undefined {
  const match = SHAPE.exec(text);
  const port = parsePortRange(match?.[3] ?? '')?.first;
  if (!match || port === undefined) return undefined;
  return { host: match[1] ?? match[2] ?? '', port, isBracketed: match[1] !== undefined };
}
