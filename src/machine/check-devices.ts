// SPDX-License-Identifier: MIT
// Whether the config's devices are there, up, and can take frames that XDP redirects to them.
import type { Config } from '../model/model.ts';
import { type Device, findDevice } from './device.ts';
import type { Finding } from './finding.ts';
import type { MachineFacts } from './machine-facts.ts';

export function checkDevices(config: Config, { devices }: MachineFacts): Finding[] {
  const seen = new Set<string>();
  return config.interfaces.flatMap(({ device: name }) => {
    const device = findDevice(devices, name);
    if (!device) return missing(name, devices);
    if (seen.has(device.name)) return repeated(name, device);
    seen.add(device.name);
    return unfit(device) ?? down(device);
  });
}

function missing(name: string, devices: readonly Device[]): Finding {
  const candidates = devices.filter((device) => device.ethernet && device.kind !== 'vlan').map((device) => device.name);
  const cure = `name one of this machine's devices: ${candidates.join(', ') || 'it has no Ethernet device'}`;
  return { where: name, what: 'there is no such device', cure };
}

function repeated(name: string, device: Device): Finding {
  return { where: name, what: `is another name of ${device.name}, which is listed already`, cure: 'list it once' };
}

function unfit({ name, kind, link, ethernet }: Device): Finding | undefined {
  if (kind === 'vlan') {
    const parent = link === undefined ? '' : `, such as ${link}`;
    const what = 'is a VLAN device, which XDP cannot redirect frames to';
    return { where: name, what, cure: `use a device without a tag${parent}` };
  }
  if (ethernet) return undefined;
  return { where: name, what: `is no Ethernet device${kind ? ` (${kind})` : ''}`, cure: 'use an Ethernet device' };
}

function down({ name, up }: Device): Finding[] | Finding {
  return up ? [] : { where: name, what: 'the device is down', cure: `ip link set ${name} up` };
}
