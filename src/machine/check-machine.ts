// SPDX-License-Identifier: MIT
// What about the machine keeps a config from working: all of it at once, changing nothing.
import type { Config } from '../model/model.ts';
import { checkDevices } from './check-devices.ts';
import { checkFloatingAddresses } from './check-floating-addresses.ts';
import { checkForwarding } from './check-forwarding.ts';
import { checkKernel } from './check-kernel.ts';
import { checkLocalPorts } from './check-local-ports.ts';
import { checkPrivileges } from './check-privileges.ts';
import { checkReversePath } from './check-reverse-path.ts';
import { checkServers } from './check-servers.ts';
import type { Finding } from './finding.ts';
import type { FloatingAddress } from './floating-address.ts';
import { type MachineFacts, readMachineFacts } from './machine-facts.ts';

/**
 * No findings: `config` can be brought up as far as the machine is concerned. `placed`: what xlvs added to it before.
 * Throws XlvsError when the machine cannot be asked.
 */
export function checkMachine(
  config: Config,
  facts: MachineFacts = readMachineFacts(config),
  placed: readonly FloatingAddress[] = [],
): Finding[] {
  const announces = config.interfaces.some(({ addresses }) => addresses.length > 0);
  const privileges = checkPrivileges(facts.capabilities, announces);
  const kernel = checkKernel(facts.kernel);
  const devices = checkDevices(config, facts);
  return [
    ...(privileges ? [privileges] : []),
    ...(kernel ? [kernel] : []),
    ...devices,
    ...checkForwarding(config, facts),
    ...checkReversePath(config, facts),
    ...checkLocalPorts(config, facts),
    ...checkNft(config, facts),
    ...checkFloatingAddresses(config, facts, placed),
    // A device that is missing or down takes its routes along: what follows from that is no second finding.
    ...(devices.length === 0 ? checkServers(config, facts) : []),
  ];
}

function checkNft({ masquerade }: Config, { nft }: MachineFacts): Finding[] {
  if (!masquerade || nft) return [];
  return [{ where: 'masquerade', what: 'the command nft is not installed', cure: 'apt-get install nftables' }];
}
