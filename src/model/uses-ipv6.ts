// SPDX-License-Identifier: MIT
// Whether a config has any IPv6 traffic to balance, and for how much of it there is to be room.
import type { Config, ServiceKey } from './model.ts';

/** Connections there is room for where nobody asks for more: a later reload may begin with IPv6. */
export const IPV6_CONNECTIONS = 16_384;

const isIpv6 = (key: ServiceKey): boolean => (key.kind === 'mark' ? key.family === 'ipv6' : key.address.includes(':'));

export function usesIpv6({ services }: Pick<Config, 'services'>): boolean {
  return services.some(({ key }) => isIpv6(key));
}

/** What the table of IPv6 connections begins with: the file's number, or as many as of IPv4 if there is IPv6 to balance. */
export function ipv6Room({ services, tables }: Pick<Config, 'services' | 'tables'>): number {
  return tables.ipv6Connections ?? (usesIpv6({ services }) ? tables.connections : IPV6_CONNECTIONS);
}
