// SPDX-License-Identifier: MIT
// Whether the process may load XDP programs and change the network.
import { type Capabilities, hasCapability, readCapabilities } from './capabilities.ts';
import type { Finding } from './finding.ts';

/**
 * `undefined`: they are enough.
 * @param announces whether floating addresses are going to be announced, which takes raw frames
 */
export function checkPrivileges(
  capabilities: Capabilities = readCapabilities(),
  announces = false,
): Finding | undefined {
  const mayLoad = hasCapability(capabilities, 'CAP_BPF') || hasCapability(capabilities, 'CAP_SYS_ADMIN');
  const lacking = [
    ...(mayLoad ? [] : ['CAP_BPF']),
    ...(hasCapability(capabilities, 'CAP_NET_ADMIN') ? [] : ['CAP_NET_ADMIN']),
    ...(announces && !hasCapability(capabilities, 'CAP_NET_RAW') ? ['CAP_NET_RAW'] : []),
  ];
  if (lacking.length === 0) return undefined;
  return { where: 'privileges', what: `this process lacks ${lacking.join(', ')}`, cure: 'run it as root (sudo)' };
}
