// SPDX-License-Identifier: MIT
// Ways in for the routers that xlvs is compared with.
import { ROUTER_MAC, serverAddress, VIP, VIP_PORT } from './rig.ts';
import { shell } from './shell.ts';
import type { End } from './wire.ts';

export const vip: End = { address: VIP, port: VIP_PORT };
/** As clients see it that no one translates for. */
export const firstServer: End = { address: serverAddress(0), port: VIP_PORT };

const DNAT = `
  nft add table ip bench
  nft add chain ip bench prerouting '{ type nat hook prerouting priority -100; }'
  nft add rule ip bench prerouting ip daddr ${VIP} udp dport ${VIP_PORT} dnat to ${serverAddress(0)}:8080
`;

/** One device for each router compared, so that nothing is attached or detached while it is measured. */
export function addWays(): void {
  for (const way of ['forwarder', 'redirector', 'kernel'])
    shell(`
      ip link add ${way} address ${ROUTER_MAC} type veth peer name ${way}-peer
      ip link set ${way} up
      ip link set ${way}-peer up
    `);
  // frames redirected into a veth are dropped unless its peer polls
  shell('ethtool -K kernel gro on');
}

export const startDnat = (): void => shell(DNAT);
export const stopDnat = (): void => shell('nft delete table ip bench');
