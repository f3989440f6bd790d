// SPDX-License-Identifier: MIT
// Whether the config's devices are there, up, and can take frames that XDP redirects to them.
import type { Config } from '../model/model.ts';
import { type Device, findDevice } from './device.ts';
import type { Finding } from './finding.ts';
import type { MachineFacts } from './machine-facts.ts';
import { portOf } from './port.ts';

/** As many as the data plane looks behind. */
const MAX_TAGS = 2;

export function checkDevices(config: Config, { devices }: MachineFacts): Finding[] {
  const seen = new Set<string>();
  return config.interfaces.flatMap(({ device: name }) => {
    const device = findDevice(devices, name);
    if (!device) return missing(name, devices);
    if (seen.has(device.name)) return repeated(name, device);
    seen.add(device.name);
    return unfit(device) ?? [...down(device), ...(device.tag ? checkPort(device, devices, seen) : [])];
  });
}

function missing(name: string, devices: readonly Device[]): Finding {
  const candidates = devices.filter((device) => device.ethernet).map((device) => device.name);
  const cure = `name one of this machine's devices: ${candidates.join(', ') || 'it has no Ethernet device'}`;
  return { where: name, what: 'there is no such device', cure };
}

function repeated(name: string, device: Device): Finding {
  return { where: name, what: `is another name of ${device.name}, which is listed already`, cure: 'list it once' };
}

/** What a VLAN device stands on: each port is spoken of once. */
function checkPort(device: Device, devices: readonly Device[], seen: Set<string>): Finding[] {
  const { name } = device;
  const port = portOf(device, devices);
  if (!port) {
    const what = 'stands on a device of another network namespace, where XDP would have to be';
    return [{ where: name, what, cure: 'make the VLAN device where its port is' }];
  }
  if (port.tags.length > MAX_TAGS) {
    const what = `has ${port.tags.length} tags, xlvs looks behind ${MAX_TAGS}`;
    return [{ where: name, what, cure: 'use a device with one tag or two' }];
  }
  const key = `port ${port.device.name}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const wrong = unfit(port.device);
  return wrong ? [wrong] : [...(seen.has(port.device.name) ? [] : down(port.device)), ...strips(port.device)];
}

/** XDP sees a frame as it is in memory: without its tag, a VLAN's looks like the port's own. */
function strips({ name, stripsTags, driver }: Device): Finding[] {
  if (!stripsTags) return [];
  const what = 'takes the VLAN tags out of the frames it receives, where XDP cannot see them';
  const peer = driver === 'veth' ? ', and on its peer txvlan off' : '';
  return [{ where: name, what, cure: `ethtool -K ${name} rxvlan off${peer}` }];
}

function unfit({ name, kind, ethernet }: Device): Finding | undefined {
  if (ethernet) return undefined;
  return { where: name, what: `is no Ethernet device${kind ? ` (${kind})` : ''}`, cure: 'use an Ethernet device' };
}

function down({ name, up }: Device): Finding[] {
  return up ? [] : [{ where: name, what: 'the device is down', cure: `ip link set ${name} up` }];
}
