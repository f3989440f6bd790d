// SPDX-License-Identifier: MIT
// Which options go with which kind of tunnel. xlvs has no tunnels, but wrong arguments are told as such first.
import { misuse } from './failure.ts';
import type { OptionName } from './options.ts';

export const TUNNEL_OPTIONS = ['tun-type', 'tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum'] as const;

const CHECKSUMS: readonly OptionName[] = ['tun-nocsum', 'tun-csum', 'tun-remcsum'];

const ALLOWED = {
  ipip: [],
  gue: ['tun-port', ...CHECKSUMS],
  gre: ['tun-nocsum', 'tun-csum'],
} as const satisfies Record<string, readonly OptionName[]>;
export type TunnelType = keyof typeof ALLOWED;

export const isTunnelType = (text: string): text is TunnelType => Object.hasOwn(ALLOWED, text);

/** Throws Failure for the first option that is missing, out of place or in conflict. */
export function checkTunnel(type: TunnelType, given: ReadonlySet<OptionName>): void {
  const allowed: readonly OptionName[] = ALLOWED[type];
  let checksum: OptionName | undefined;
  for (const name of TUNNEL_OPTIONS.slice(1)) {
    if (!given.has(name)) {
      if (type === 'gue' && name === 'tun-port')
        throw misuse(`You need to supply the '${name}' option for the '${type}' tunnel type`);
      continue;
    }
    if (!allowed.includes(name)) throw misuse(`Illegal '${name}' option with the '${type}' tunnel type`);
    if (!CHECKSUMS.includes(name)) continue;
    if (checksum)
      throw misuse(`The option '${name}' conflicts with the '${checksum}' option in the '${type}' tunnel type`);
    checksum = name;
  }
}
