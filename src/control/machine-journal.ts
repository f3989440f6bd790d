// SPDX-License-Identifier: MIT
// What xlvs added to the machine, kept in the pins so that whoever takes the router down can take it back: floating
// addresses, managed neighbours, kernel settings, a table of nftables. Adding and removing go through here, the journal first.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataPlane } from '../dataplane/data-plane.ts';
import { announceAddress } from '../machine/announce-address.ts';
import { findDevice } from '../machine/device.ts';
import { readAddresses } from '../machine/device-address.ts';
import { addAddress, type FloatingAddress, removeAddress } from '../machine/floating-address.ts';
import { forgetNeighbours, keepNeighbours, managedNeighbours, type Neighbour } from '../machine/neighbour.ts';
import { removeTable } from '../machine/nftables.ts';
import { readDevice, readDevices } from '../machine/read-device.ts';
import { defaultGateways, routesTo } from '../machine/route.ts';
import type { Config, Service } from '../model/model.ts';
import { type KernelSetting, restoreSettings } from './kernel-settings.ts';
import { type AddressChange, type AddressPlan, planAddresses, wantedAddresses } from './plan-addresses.ts';

export interface MachineJournal {
  readonly addresses: readonly FloatingAddress[];
  readonly neighbours: readonly Neighbour[];
  readonly settings?: readonly KernelSetting[];
  /** of nftables, family inet */
  readonly table?: string;
}

const NOTHING: MachineJournal = { addresses: [], neighbours: [] };
const ANNOUNCEMENTS = 3;
const ANNOUNCEMENT_GAP_MS = 200;

export function readJournal(router: Pick<DataPlane, 'readDocument'>): MachineJournal {
  const text = router.readDocument('machine');
  return text === undefined ? NOTHING : (JSON.parse(text) as MachineJournal);
}

export function writeJournal(router: DataPlane, journal: MachineJournal): void {
  router.writeDocument('machine', JSON.stringify(journal));
}

/**
 * What placing the config's addresses comes to as the machine is now. By the devices' own names, as addresses have them: the config
 * may have another. Changes nothing. Throws XlvsError.
 */
export function addressPlan(router: Pick<DataPlane, 'readDocument'>, config: Config): AddressPlan {
  const devices = readDevices();
  const byName = ({ device, address }: FloatingAddress): FloatingAddress => ({
    device: findDevice(devices, device)?.name ?? device,
    address,
  });
  const present = readAddresses().map(({ device, address, length }) => ({ device, address: `${address}/${length}` }));
  return planAddresses({
    wanted: wantedAddresses(config).map(byName),
    present,
    placed: readJournal(router).addresses.map(byName),
  });
}

/** Takes back what the file no longer names, adds what is missing. Returns what was added and removed. */
export function placeAddresses(router: DataPlane, config: Config): AddressChange {
  const journal = readJournal(router);
  const { added, removed, kept } = addressPlan(router, config);
  // on paper first: who dies in between leaves nothing that `down` does not know
  writeJournal(router, { ...journal, addresses: [...kept, ...removed, ...added] });
  // the new ones first: a device that loses its last address loses its routes
  for (const { device, address } of added) addAddress(device, address);
  for (const { device, address } of removed) removeAddress(device, address);
  writeJournal(router, { ...readJournal(router), addresses: [...kept, ...added] });
  return { added, removed };
}

/** Tells the segment where the addresses are now: three gratuitous ARPs, as keepalived repeats them. */
export async function announceAddresses(addresses: readonly FloatingAddress[]): Promise<void> {
  for (let i = 0; i < ANNOUNCEMENTS && addresses.length > 0; i++) {
    if (i > 0) await sleep(ANNOUNCEMENT_GAP_MS);
    for (const { device, address } of addresses) {
      const found = readDevice(device);
      if (found) announceAddress(found, address.split('/')[0] as string);
    }
  }
}

/** Next hops to servers, and the gateways clients are reached by, on the router's own devices. */
function nextHops(config: Config, services: readonly Service[]): Neighbour[] {
  const devices = new Set(config.interfaces.map((one) => one.device));
  const servers = [...new Set(services.flatMap((service) => service.servers.map((server) => server.address)))];
  const hops = routesTo(servers).flatMap((route, i) => {
    if (!route || route.local) return [];
    return [{ device: route.device, address: route.gateway ?? (servers[i] as string) }];
  });
  const all = [...hops, ...defaultGateways().map(({ device, address }) => ({ device, address }))];
  const unique = new Map(all.map((hop) => [`${hop.device} ${hop.address}`, hop] as const));
  return [...unique.values()].filter((hop) => devices.has(hop.device));
}

/**
 * Has the kernel keep the next hops resolved, those of servers that commands added too: traffic in XDP confirms no
 * neighbour. `false`: it cannot.
 */
export function holdNeighbours(router: DataPlane, config: Config): boolean {
  const journal = readJournal(router);
  const wanted = nextHops(config, router.state().services);
  const key = (hop: Neighbour): string => `${hop.device} ${hop.address}`;
  const listed = new Set(wanted.map(key));
  const managed = new Set(managedNeighbours().map(key));
  forgetNeighbours(journal.neighbours.filter((hop) => !listed.has(key(hop))));
  const ours = new Set(journal.neighbours.map(key));
  const mine = wanted.filter((hop) => ours.has(key(hop)) || !managed.has(key(hop)));
  writeJournal(router, { ...journal, neighbours: mine });
  return keepNeighbours(mine);
}

/** Everything that was added is taken back. Returns one line each. */
export function takeBack(journal: MachineJournal): string[] {
  const lines: string[] = [];
  forgetNeighbours(journal.neighbours);
  if (journal.table !== undefined && removeTable(journal.table) === 'removed')
    lines.push(`table inet ${journal.table} of nftables`);
  lines.push(...restoreSettings(journal.settings ?? []).map((name) => `the change of ${name}`));
  for (const { device, address } of journal.addresses) {
    if (removeAddress(device, address) === 'removed') lines.push(`address ${address} from ${device}`);
  }
  return lines;
}
