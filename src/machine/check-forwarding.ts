// SPDX-License-Identifier: MIT
// Whether the kernel forwards IPv4 on the config's devices: the next hops XDP asks it for exist only then.
import type { Config } from '../model/model.ts';
import { findDevice } from './device.ts';
import type { Finding } from './finding.ts';
import type { MachineFacts } from './machine-facts.ts';
import { deviceSetting, sysctlName } from './sysctl.ts';

export function checkForwarding(config: Config, { devices, settings, ipForward }: MachineFacts): Finding[] {
  const names = config.interfaces.flatMap(({ device }) => findDevice(devices, device)?.name ?? []);
  const off = [...new Set(names)].filter((name) => settings.get(name)?.forwarding === false);
  if (off.length === 0) return [];
  if (!ipForward) return [offEverywhere(off)];
  // Writing the 1 that is there already changes no device.
  return off.map((name) => offOn(sysctlName(deviceSetting(name, 'forwarding')), name));
}

function offEverywhere(devices: readonly string[]): Finding {
  const what = `the kernel does not forward IPv4 on ${devices.join(', ')}`;
  return { where: 'net.ipv4.ip_forward', what, cure: 'sysctl -w net.ipv4.ip_forward=1' };
}

function offOn(setting: string, device: string): Finding {
  return { where: setting, what: `the kernel does not forward IPv4 on ${device}`, cure: `sysctl -w ${setting}=1` };
}
