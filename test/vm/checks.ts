// SPDX-License-Identifier: MIT
// What is run inside a guest, and how it reads in the table.
import { testFiles } from './guest-work.ts';

export interface Check {
  /** column of the table */
  readonly title: string;
  readonly files: readonly string[];
}

/** Cheap ones first. */
export const CHECKS: readonly Check[] = [
  { title: 'verifier', files: ['test/vm/guest/verifier.test.ts'] },
  { title: 'packets', files: testFiles('test/packet') },
  { title: 'native+generic', files: ['test/net/modes.test.ts'] },
  { title: 'virtio-net', files: ['test/vm/guest/virtio.test.ts'] },
  { title: 'sockets', files: ['test/net/nat.test.ts'] },
  { title: 'demo', files: ['test/vm/guest/demo.test.ts'] },
  { title: 'upgrade', files: ['test/vm/guest/upgrade.test.ts'] },
];

/** For kernels older than the oldest that xlvs supports. */
export const REFUSAL: Check = { title: 'refused', files: ['test/vm/guest/refusal.test.ts'] };

/** Programs of this machine that the checks call in the guest. */
export const PROGRAMS: readonly string[] = [
  ...['ip', 'ethtool', 'nsenter', 'unshare', 'sysctl', 'setpriv', 'nft', 'tc'],
  ...['mount', 'umount', 'curl', 'tcpdump', 'sha256sum'],
];

export const MODULES: readonly string[] = ['virtio_pci', 'virtio_blk', 'virtio_net', 'ext4', 'veth', 'bridge'];
