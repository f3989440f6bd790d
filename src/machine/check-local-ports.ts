// SPDX-License-Identifier: MIT
// Whether the router's own connections keep away from the ports that services with snat use: a server's answer to one of them
// would else be taken for a client's.
import type { Config } from '../model/model.ts';
import type { Finding } from './finding.ts';
import type { MachineFacts } from './machine-facts.ts';

/** As bpf/snat.h has them. */
export const SNAT_PORTS = { first: 1024, last: 32767 } as const;

const RANGE = 'net.ipv4.ip_local_port_range';
const RESERVED = 'net.ipv4.ip_local_reserved_ports';

export function checkLocalPorts(config: Config, { localPorts }: MachineFacts): Finding[] {
  if (!config.services.some(({ snat }) => snat)) return [];
  const { first, last, reserved } = localPorts;
  const from = Math.max(first, SNAT_PORTS.first);
  const to = Math.min(last, SNAT_PORTS.last);
  if (from > to || reserved.some((range) => range.first <= from && to <= range.last)) return [];
  const ports = `${SNAT_PORTS.first}-${SNAT_PORTS.last}`;
  const what = `the router's own connections use ports ${first}-${last}, services with snat ${ports}`;
  return [{ where: RANGE, what, cure: `sysctl -w ${RESERVED}=${ports}` }];
}
