// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { checkMachine } from '../../../src/machine/check-machine.ts';
import { formatFinding } from '../../../src/machine/finding.ts';
import { config, ethernet, facts } from './router-facts.ts';

describe('a machine check', () => {
  test('of a machine that is fit finds nothing', () => {
    expect(checkMachine(config(), facts())).toEqual([]);
  });

  test('reports all that is wrong, one line each, with where, what and the cure', () => {
    const spoilt = facts({
      kernel: '5.15.0',
      capabilities: 0n,
      ipForward: false,
      settings: new Map([['eth0', { forwarding: false, ipv6Forwarding: true, rpFilter: 1 }]]),
      devices: [ethernet('eth0')],
      defaultDevices: ['eth7'],
    });
    expect(checkMachine(config(), spoilt).map(formatFinding)).toEqual([
      'privileges: this process lacks CAP_BPF, CAP_NET_ADMIN, CAP_NET_RAW; run it as root (sudo)',
      'kernel: Linux 5.15.0 is older than 6.1; boot Linux 6.1 or newer',
      "eth1: there is no such device; name one of this machine's devices: eth0",
      'net.ipv4.ip_forward: the kernel does not forward IPv4 on eth0; sysctl -w net.ipv4.ip_forward=1',
      expect.stringMatching(
        /^net\.ipv4\.conf\.eth0\.rp_filter: .*eth7.*; sysctl -w net\.ipv4\.conf\.eth0\.rp_filter=2$/,
      ),
    ]);
  });

  test('of a router that is to masquerade wants nft', () => {
    const masquerading = config({ masquerade: true });
    expect(checkMachine(masquerading, facts())).toEqual([]);
    expect(checkMachine(masquerading, facts({ nft: false })).map(formatFinding)).toEqual([
      'masquerade: the command nft is not installed; apt-get install nftables',
    ]);
  });

  test('does not blame routes for a device that is down', () => {
    const down = facts({ devices: [ethernet('eth0'), ethernet('eth1', { up: false })], routes: new Map() });
    expect(checkMachine(config(), down).map(formatFinding)).toEqual(['eth1: the device is down; ip link set eth1 up']);
  });
});
