// SPDX-License-Identifier: MIT
// What is run inside a guest, and how it reads in the table.
import type { Engine } from './boot.ts';

export interface Check {
  /** column of the table */
  readonly title: string;
  readonly files: readonly string[];
}

/** What one boot of a kernel is for. */
export interface Boot {
  readonly checks: readonly Check[];
  readonly engine?: Engine;
  readonly nics?: number;
  readonly modules: readonly string[];
}

/**
 * What of the packet suite may turn out differently on another kernel: the whole of it would take the emulator half an hour. The
 * fuzz test loads both families.
 */
const PACKETS = ['fuzz', 'answer', 'expiry-timer', 'fragment', 'icmp', 'nat'];

/** Cheap ones first. */
export const CHECKS: readonly Check[] = [
  { title: 'verifier', files: ['test/vm/guest/verifier.test.ts'] },
  { title: 'packets', files: PACKETS.map((name) => `test/packet/${name}.test.ts`) },
  { title: 'virtio-net', files: ['test/vm/guest/virtio.test.ts'] },
  { title: 'demo', files: ['test/vm/guest/demo.test.ts'] },
  { title: 'upgrade', files: ['test/vm/guest/upgrade.test.ts'] },
];

/** For kernels older than the oldest that xlvs supports. */
const REFUSAL: Check = { title: 'refused', files: ['test/vm/guest/refusal.test.ts'] };

/** On one CPU whose clock counts instructions, beside kernel IPVS. */
const COUNTED: readonly Check[] = [
  { title: 'instructions', files: ['test/vm/guest/instructions.test.ts'] },
  { title: 'connections', files: ['test/vm/guest/connection-rate.test.ts'] },
];

const MODES: Check = { title: 'native+generic', files: ['test/net/modes.test.ts'] };
const VLANS: Check = { title: 'vlans', files: ['test/vm/guest/vlan.test.ts'] };

/** Beside kernel IPVS, what it does to every packet. */
const PARITY: Check = { title: 'parity', files: ['test/vm/guest/parity.test.ts'] };

const MODULES = ['virtio_pci', 'virtio_blk', 'virtio_net', 'ext4', 'veth', 'bridge', '8021q'];
const PEERS = ['ip_vs', 'ip_vs_wlc', 'nf_tables', 'nft_chain_nat', 'nft_nat'];

const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'mh', 'sed', 'nq', 'fo', 'ovf', 'twos'];
const IPVS = ['ip_vs', 'nf_tables', ...SCHEDULERS.map((name) => `ip_vs_${name}`)];

export const BOOTS = {
  checks: { checks: CHECKS, nics: 4, modules: MODULES },
  modes: { checks: [MODES], modules: MODULES },
  vlans: { checks: [VLANS], modules: MODULES },
  refusal: { checks: [REFUSAL], modules: MODULES },
  parity: { checks: [PARITY], modules: [...MODULES, ...IPVS] },
  counted: { checks: COUNTED, engine: 'icount', modules: [...MODULES, ...PEERS] },
} satisfies Record<string, Boot>;

/** Programs of this machine that the checks call in the guest. */
export const PROGRAMS: readonly string[] = [
  ...['ip', 'ethtool', 'nsenter', 'unshare', 'sysctl', 'setpriv', 'nft', 'tc', 'taskset'],
  ...['mount', 'umount', 'curl', 'tcpdump', 'sha256sum', 'ipvsadm', 'nginx', 'wrk'],
];
