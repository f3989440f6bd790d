// SPDX-License-Identifier: MIT
// Whether the kernel forwards on the config's devices, by families: the next hops XDP asks it for exist only then.
import type { Config } from '../model/model.ts';
import { usesIpv6 } from '../model/uses-ipv6.ts';
import { findDevice } from './device.ts';
import type { Finding } from './finding.ts';
import type { MachineFacts } from './machine-facts.ts';
import { deviceSetting, sysctlName } from './sysctl.ts';

export function checkForwarding(config: Config, facts: MachineFacts): Finding[] {
  const names = [...new Set(config.interfaces.flatMap(({ device }) => findDevice(facts.devices, device)?.name ?? []))];
  return [...checkIpv4(names, facts), ...(usesIpv6(config) ? checkIpv6(names, facts) : [])];
}

function checkIpv4(names: readonly string[], { settings, ipForward }: MachineFacts): Finding[] {
  const off = names.filter((name) => settings.get(name)?.forwarding === false);
  if (off.length === 0) return [];
  if (!ipForward) return [offEverywhere('IPv4', off, 'net.ipv4.ip_forward')];
  // Writing the 1 that is there already changes no device.
  return off.map((name) => offOn(sysctlName(deviceSetting(name, 'forwarding')), name));
}

/** Writing to `all` sets every device, whatever stood there. */
function checkIpv6(names: readonly string[], { settings }: MachineFacts): Finding[] {
  const off = names.filter((name) => settings.get(name)?.ipv6Forwarding === false);
  return off.length === 0 ? [] : [offEverywhere('IPv6', off, 'net.ipv6.conf.all.forwarding')];
}

function offEverywhere(family: string, devices: readonly string[], setting: string): Finding {
  const what = `the kernel does not forward ${family} on ${devices.join(', ')}`;
  return { where: setting, what, cure: `sysctl -w ${setting}=1` };
}

function offOn(setting: string, device: string): Finding {
  return { where: setting, what: `the kernel does not forward IPv4 on ${device}`, cure: `sysctl -w ${setting}=1` };
}
