// SPDX-License-Identifier: MIT
// How services, servers and marking rules read in messages.
import type { MarkRule, Server } from '../model/model.ts';

export { serviceKeyText } from '../dataplane/service-keys.ts';

export function serverText({ address, port }: Pick<Server, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A table keeps its size while it runs. */
export function fullTableCure(table: string): string {
  return `raise tables.${table.replaceAll('_', '-')} in the config file, then \`xlvs down\` and start again`;
}

export function portsText(rule: Pick<MarkRule, 'ports'>): string {
  return rule.ports
    .map(({ first, last }) => {
      if (first === 0 && last === 65535) return 'any';
      return first === last ? String(first) : `${first}-${last}`;
    })
    .join(',');
}

/** `80: tcp 192.0.2.10/32 ports 80,443 from 198.51.100.0/24` */
export function markRuleText(rule: MarkRule): string {
  const source = rule.source === undefined ? '' : ` from ${rule.source}`;
  return `${rule.mark}: ${rule.protocol} ${rule.address} ports ${portsText(rule)}${source}`;
}
