// SPDX-License-Identifier: MIT
// What a service that ipvsadm adds is called in xlvs: by what it is, so that the same command gives the same name.
import type { ServiceKey } from '../model/model.ts';

/** `tcp-192.0.2.10-80`, `tcp-2001_db8__1-80`, `mark-80`, `mark-80-ipv6`: in the letters a config file allows. */
export function nameOf(key: ServiceKey): string {
  if (key.kind === 'mark') return `mark-${key.mark}${key.family === 'ipv6' ? '-ipv6' : ''}`;
  return `${key.protocol}-${key.address.replaceAll(':', '_')}-${key.port}`;
}

/** The name, or with a number behind it if another service has it already. */
export function freeName(key: ServiceKey, taken: ReadonlySet<string>): string {
  const name = nameOf(key);
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}
