// SPDX-License-Identifier: MIT
// The LVS nouns as cells and phrases of the command line's text.
import type { Persistence, ServiceKey } from '../model/model.ts';
import { formatEndpoint } from '../net/endpoint.ts';

/** `tcp 192.0.2.10:80`, or `mark 80 ipv4`. Port 0 of a service is every port. */
export function keyText(key: ServiceKey): string {
  if (key.kind === 'mark') return `mark ${key.mark} ${key.family}`;
  return `${key.protocol} ${formatEndpoint(key.address, key.port)}`;
}

/** `10.0.0.1:80`; without a port the client's own is kept. */
export function serverText({ address, port }: { readonly address: string; readonly port: number }): string {
  return port === 0 ? address : formatEndpoint(address, port);
}

export function endpointText({ address, port }: { readonly address: string; readonly port: number }): string {
  return formatEndpoint(address, port);
}

/** `300s /24`, `-` without. */
export function persistenceText(persistence: Persistence | undefined): string {
  return persistence ? `${persistence.timeout}s /${persistence.prefix}` : '-';
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [first, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}

/** `1 connection`, `2 connections`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
