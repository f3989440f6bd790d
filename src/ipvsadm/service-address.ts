// SPDX-License-Identifier: MIT
// `host[:port]` behind -t, -u, --sctp-service and -r: IPv4, `[v6]:port`, a bare IPv6 address, or names.
import type { Family, Protocol } from '../model/model.ts';
import { parseAddress } from '../net/address.ts';
import type { Names } from './names.ts';
import { inetAton, wholeNumber } from './numbers.ts';

export interface ServiceAddress {
  readonly family: Family;
  readonly address: string;
  /** undefined: none was given */
  readonly port: number | undefined;
}

/** Where the host ends and the port begins; `undefined` when the brackets are wrong. */
function split(text: string): { host: string; port: string | undefined } | undefined {
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    return end > 0 && text[end + 1] === ':' ? { host: text.slice(1, end), port: text.slice(end + 2) } : undefined;
  }
  if (text.includes(':') && parseAddress(text)?.family === 'ipv6') return { host: text, port: undefined };
  const colon = text.lastIndexOf(':');
  return colon < 0 ? { host: text, port: undefined } : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

async function ipv4Of(host: string, names: Names): Promise<string | undefined> {
  return inetAton(host) ?? (host === '' ? undefined : await names.addressOf(host));
}

/** `undefined` when the text is none, or names what nobody knows; a port's name is known with its protocol only. */
export async function parseServiceAddress(
  text: string,
  protocol: Protocol | undefined,
  names: Names,
): Promise<ServiceAddress | undefined> {
  if (/^\d*$/.test(text)) return undefined;
  const parts = split(text);
  if (!parts) return undefined;
  const ipv6 = parseAddress(parts.host);
  const address = ipv6?.family === 'ipv6' ? ipv6.text : await ipv4Of(parts.host, names);
  if (address === undefined) return undefined;
  const family = ipv6?.family === 'ipv6' ? 'ipv6' : 'ipv4';
  // ipvsadm loses the port behind brackets around anything else
  if (parts.port === undefined || (family === 'ipv4' && text.startsWith('[')))
    return { family, address, port: undefined };
  const port = wholeNumber(parts.port, 0, 65535) ?? names.portOf(parts.port, protocol);
  return port === undefined ? undefined : { family, address, port };
}
