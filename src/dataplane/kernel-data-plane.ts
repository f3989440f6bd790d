// SPDX-License-Identifier: MIT
// The data plane in the kernel, behind the DataPlane interface: opens the pins, asks one file per map family.
import { ifIndex, ifName, xdpQuery } from 'libbpf-ts';
import * as abi from '../abi/index.ts';
import type { MarkRule, Tables } from '../model/model.ts';
import { ticksNow } from './abi-values.ts';
import { readConnections, readPersistence } from './connection-views.ts';
import type {
  AttachedInterface,
  Connection,
  CounterSample,
  DataPlane,
  DocumentName,
  Filter,
  OtherTable,
  PersistenceEntry,
  RouterChange,
  RouterState,
  Statistics,
  WantedInterface,
} from './data-plane.ts';
import { readDocument, writeDocument } from './documents.ts';
import { vlanOfTag } from './interface-map.ts';
import { linkedDevices, linkIfindex } from './links.ts';
import { openMaps, type RouterMaps } from './pins.ts';
import { readRunningServices, serviceOf } from './running-services.ts';
import { otherRunningTables, runningTables } from './running-tables.ts';
import { countConnections, readServersAt } from './server-records.ts';
import { writeChange } from './service-writer.ts';
import { bumpGeneration, readLimits, readSettings, readSwitches, readTimeouts, shortageOf } from './settings-map.ts';
import { readCounterSamples, readReasons, readStatistics } from './statistics.ts';

const ROLES: Readonly<Record<number, AttachedInterface['role']>> = {
  [abi.Role.PUBLIC]: 'public',
  [abi.Role.PRIVATE]: 'private',
};

export class KernelDataPlane implements DataPlane {
  readonly maps: RouterMaps;
  private readonly pins: string;

  private constructor(pins: string, maps: RouterMaps) {
    this.pins = pins;
    this.maps = maps;
  }

  /** Throws XlvsError when there is no router under `pins`, or one of another version. */
  static open(pins: string): KernelDataPlane {
    return new KernelDataPlane(pins, openMaps(pins));
  }

  state(): RouterState {
    const running = readRunningServices(this.maps);
    const slots = running.flatMap(({ members }) => members.map(({ server }) => server));
    const servers = readServersAt(this.maps, slots);
    const services = running.map((one) => serviceOf(one, servers));
    const marks = readDocument(this.maps.documents, 'marks');
    return {
      services: services.sort((a, b) => a.name.localeCompare(b.name, 'en')),
      marks: marks === undefined ? [] : (JSON.parse(marks) as MarkRule[]),
      timeouts: readTimeouts(this.maps),
      switches: readSwitches(this.maps),
      limits: readLimits(this.maps),
    };
  }

  change(change: RouterChange): void {
    writeChange(this.maps, change);
  }

  statistics(): Statistics {
    return readStatistics(this.maps);
  }

  counters(): CounterSample[] {
    return readCounterSamples(this.maps);
  }

  connections(filter?: Filter): Iterable<Connection> {
    return readConnections(this.maps, filter);
  }

  persistence(filter?: Filter): Iterable<PersistenceEntry> {
    return readPersistence(this.maps, filter);
  }

  reasons(): ReturnType<DataPlane['reasons']> {
    return readReasons(this.maps);
  }

  fill() {
    const { connections, ipv6Connections, persistence } = runningTables(this.maps);
    const entries = countConnections(this.maps);
    return {
      connections: { entries: entries.ipv4, capacity: connections },
      ipv6_connections: { entries: entries.ipv6, capacity: ipv6Connections },
      persistence: { entries: this.maps.persistence.size, capacity: persistence },
    };
  }

  otherTables(wanted: Tables): OtherTable[] {
    return otherRunningTables(this.maps, wanted);
  }

  interfaces(): AttachedInterface[] {
    const wanted = JSON.parse(this.readDocument('interfaces') ?? '[]') as WantedInterface[];
    const roles = new Map(wanted.map(({ device, role }) => [device, role] as const));
    const ports = new Set(wanted.map(({ port }) => port));
    const linked = linkedDevices(this.pins).filter((device) => !ports.has(device));
    const devices = [...new Set([...roles.keys(), ...linked])].sort();
    return devices.map((device) => this.vlanDevice(device) ?? this.linkedDevice(device, roles.get(device)));
  }

  private linkedDevice(device: string, wanted: AttachedInterface['role'] = 'public'): AttachedInterface {
    const ifindex = linkIfindex(this.pins, device);
    const record = this.maps.interfaces.get(ifindex);
    const role = (record && ROLES[record.role]) ?? wanted;
    return { device, ifindex, role, mode: ifindex === 0 ? undefined : xdpQuery(ifindex).mode };
  }

  /** A VLAN device has no link of its own: what counts is its port's. `undefined`: it is none, or gone. */
  private vlanDevice(device: string): AttachedInterface | undefined {
    const ifindex = ifIndex(device) ?? 0;
    const record = this.maps.interfaces.get(ifindex);
    const vlan = record?.vlan ? this.maps.vlans.get(record.vlan) : undefined;
    const port = vlan && ifName(vlan.port);
    if (!record || !vlan || port === undefined) return undefined;
    const isLinked = linkedDevices(this.pins).some((name) => linkIfindex(this.pins, name) === vlan.port);
    return {
      device,
      ifindex,
      role: ROLES[record.role] ?? 'public',
      mode: isLinked ? xdpQuery(vlan.port).mode : undefined,
      port,
      vlans: vlan.tags.filter((tag) => tag !== 0).map(vlanOfTag),
    };
  }

  bumpGeneration(): void {
    bumpGeneration(this.maps);
  }

  heartbeat(pid: number, freePages = Number.POSITIVE_INFINITY): void {
    const shortage = shortageOf(freePages, readSettings(this.maps).amemthresh);
    this.maps.daemons.set(0, { seen: ticksNow(), pid, shortage });
  }

  daemonPid(): number {
    return this.maps.daemons.get(0)?.pid ?? 0;
  }

  readDocument(name: DocumentName): string | undefined {
    return readDocument(this.maps.documents, name);
  }

  writeDocument(name: DocumentName, text: string): void {
    writeDocument(this.maps.documents, name, text);
  }

  close(): void {
    this.maps.close();
  }
}
