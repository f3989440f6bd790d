// SPDX-License-Identifier: MIT
// Whether rp_filter lets through what the kernel forwards for xlvs: the first packets to a neighbour still unknown.
import type { Config } from '../model/model.ts';
import { findDevice } from './device.ts';
import type { Finding } from './finding.ts';
import type { MachineFacts } from './machine-facts.ts';
import { deviceSetting, sysctlName } from './sysctl.ts';

const STRICT = 1;

/**
 * Strict means a packet must come in where the route back to its sender goes out. For clients that is the default route:
 * a public device beside it loses theirs.
 */
export function checkReversePath(config: Config, facts: MachineFacts): Finding[] {
  const { devices, settings, defaultDevices } = facts;
  if (defaultDevices.length === 0) return [];
  return config.interfaces.flatMap(({ device, role }) => {
    const name = findDevice(devices, device)?.name;
    if (name === undefined || role !== 'public' || defaultDevices.includes(name)) return [];
    return settings.get(name)?.rpFilter === STRICT ? [strict(name, defaultDevices)] : [];
  });
}

function strict(device: string, defaultDevices: readonly string[]): Finding {
  const setting = sysctlName(deviceSetting(device, 'rp_filter'));
  const what = `reverse path filtering is strict and the default route leaves by ${defaultDevices.join(', ')}, so the kernel drops packets of clients that come in by ${device}`;
  return { where: setting, what, cure: `sysctl -w ${setting}=2` };
}
