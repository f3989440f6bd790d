// SPDX-License-Identifier: MIT
// The router under test: the loaded program with its maps, a clock that only tests move, routes that only they know.
// What services there are is services.ts.
import type { BpfObject, Program } from 'libbpf-ts';
import * as abi from '../../src/abi/index.ts';
import { type Frames, frames } from './conversation.ts';
import { EPOCH, FAMILY, type IpFamily, ownAddress, wideAddress } from './family.ts';
import { macBytes } from './frame.ts';
import { withUsualId } from './icmp-frame.ts';
import { hex, type Outcome } from './outcome.ts';
import { loadPacketObject, openTables, type TableSizes, type Tables, USUAL_SIZES } from './packet-object.ts';
import * as roles from './roles.ts';
import { type Numbers, ServiceFixture, type ServiceSpec } from './service-fixture.ts';

export const MTU = 1500;
/** Slots that one slice of the timer visits, of either ring (bpf/config.h). */
export const SLICE = { connections: 32, persistence: 8 };
/** Seconds as ticks of 2^26 ns, the data plane's time. */
export const ticks = (seconds: number): number => Math.round((seconds * 1e9) / 2 ** abi.LIMIT_TICK_SHIFT);

/** IPVS's timeouts in seconds, by state: TCP's, UDP's, four that are none; SCTP's, two that are none. */
const TIMEOUTS = [
  ...[2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120, 300, 0, 0, 0, 0],
  ...[2, 4, 61, 61, 61, 61, 61, 61, 900, 61, 61, 61, 4, 61, 0, 0],
];
const ACTIONS = ['aborted', 'dropped', 'passed', 'aborted', 'forwarded'] as const;
const START = 1_000_000;

const firstNumbers = (): Numbers => ({ service: 1, server: 1, member: 0, listening: new Map() });

/** bpf_fib_lookup's answers that the tests use. */
export const FIB = {
  SUCCESS: 0,
  BLACKHOLE: 1,
  UNREACHABLE: 2,
  PROHIBIT: 3,
  NOT_FORWARDED: 4,
  DISABLED: 5,
  NO_NEIGHBOUR: 7,
};

export interface RouteSpec {
  readonly result?: number;
  readonly device?: number;
  readonly mtu?: number;
  readonly hop?: roles.Hop;
}

const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132 } as const;

export class Router {
  readonly tables: Tables;
  readonly object: BpfObject;
  readonly #sizes: TableSizes;
  readonly #from: Record<number, Program>;
  #numbers: Numbers = firstNumbers();
  /** In ticks. */
  now = START;

  private constructor(sizes: TableSizes) {
    this.object = loadPacketObject(sizes);
    this.tables = openTables(this.object);
    this.#sizes = sizes;
    this.#from = {
      [roles.PUBLIC]: this.object.program('from_public'),
      [roles.PRIVATE]: this.object.program('from_private'),
      [roles.CRAMPED]: this.object.program('from_public_cramped'),
    };
    this.reset();
  }

  /** Loads the object; a test file does it once and resets it before each test. */
  static open(sizes: Partial<TableSizes> = {}): Router {
    return new Router({ ...USUAL_SIZES, ...sizes });
  }

  close(): void {
    this.object.close();
  }

  /** As after loading, with both interfaces, every role's route, and no service. */
  reset(): void {
    const { tables } = this;
    for (const map of [
      tables.connections,
      tables.translations,
      tables.snatAddresses,
      tables.persistence,
      tables.services,
      tables.listeners,
      tables.hashTables,
      tables.localities,
      tables.fragments,
      tables.sourceRates,
      tables.vlanDevices,
      tables.routes,
    ])
      map.clear();
    for (let service = 0; service < 16; service++) tables.serviceRates.set(service, { window: 0, count: 0 });
    for (const map of [
      tables.frontSets,
      tables.frontHops,
      tables.ringCursors,
      tables.passes,
      tables.drops,
      tables.events,
      tables.epochs,
      tables.snatNumbers,
      tables.questions,
    ])
      map.clear();
    this.#numbers = firstNumbers();
    this.now = START;
    this.pass(0);
    tables.daemons.set(0, { seen: this.now, pid: 1, shortage: 0 });
    this.#setSettings();
    this.#setInterfaces();
    this.#setRoutes();
  }

  #setSettings(): void {
    this.tables.settings.set(0, {
      abiVersion: abi.ABI_VERSION,
      generation: 1,
      timeouts: TIMEOUTS.map(ticks),
      connReuseMode: 1,
      expireNodestConn: 0,
      expireQuiescentTemplate: 0,
      sloppyTcp: 0,
      sloppySctp: 0,
      cacheBypass: 0,
      scheduleIcmp: 0,
      natIcmpSend: 0,
      dropEntry: 0,
      dropPacket: 0,
      secureTcp: 0,
      amDroprate: 10,
      amemthresh: 1024,
      sourceLimit: 0,
      serviceLimit: 0,
      lblcExpiration: ticks(86_400),
      lblcrExpiration: ticks(86_400),
      markSet: 0,
      marks: 0,
      connectionRingMasks: [this.#sizes.connectionRing - 1, this.#sizes.connectionRing - 1],
      persistenceRingMask: this.#sizes.persistenceRing - 1,
      persistenceCapacity: this.#sizes.persistence,
      frontSets: this.#sizes.frontSets,
    });
  }

  #setInterfaces(): void {
    const { interfaces } = this.tables;
    interfaces.set(roles.PUBLIC, { mac: macBytes(roles.PUBLIC_MAC), mtu: MTU, role: abi.Role.PUBLIC, vlan: 0 });
    interfaces.set(roles.PRIVATE, { mac: macBytes(roles.PRIVATE_MAC), mtu: MTU, role: abi.Role.PRIVATE, vlan: 0 });
  }

  #setRoutes(): void {
    for (const client of [roles.CLIENT, roles.NEIGHBOUR_CLIENT, roles.OTHER_CLIENT]) this.route(client);
    for (const server of [roles.SERVER_1, roles.SERVER_2, roles.SERVER_3])
      this.route(server, { device: roles.PRIVATE, hop: roles.toServer(server) });
  }

  /** What the kernel answers for this destination from now on; default: through the gateway. */
  route(
    to: roles.Endpoint,
    { result = 0, device = roles.PUBLIC, mtu = MTU, hop = roles.TO_GATEWAY }: RouteSpec = {},
    family: IpFamily = FAMILY,
  ): void {
    const macs = { destinationMac: macBytes(hop.destination), sourceMac: macBytes(hop.source) };
    this.tables.routes.set(wideAddress(to.address, family), { result, ifindex: device, mtu, ...macs });
  }

  addService(spec: ServiceSpec = {}): ServiceFixture {
    return new ServiceFixture(this.tables, this.#numbers, spec);
  }

  /** Changes some of the settings. */
  set(patch: Partial<abi.Settings>): void {
    this.tables.settings.set(0, { ...this.settings, ...patch });
  }

  get settings(): abi.Settings {
    return this.tables.settings.get(0) as abi.Settings;
  }

  /** Tells the data plane that routes, neighbours or servers have changed. */
  announceChange(): void {
    this.set({ generation: this.settings.generation + 1 });
  }

  /** Lets time go by, in seconds. */
  pass(seconds: number): void {
    this.passTicks(ticks(seconds));
  }

  passTicks(count: number): void {
    this.now += count;
    this.tables.clocks.set(0, BigInt(this.now) << BigInt(abi.LIMIT_TICK_SHIFT));
    // as the timer's slices do
    this.tables.epochs.set(EPOCH, { ...(this.tables.epochs.get(EPOCH) as abi.Epoch), now: this.now >>> 0 });
  }

  /** Runs the program on a frame that came in on `device`. */
  receive(frame: Uint8Array, device = roles.PUBLIC): Outcome {
    const before = this.#reasons();
    const { returnValue, data } = (this.#from[device] as Program).testRun({ data: frame });
    const reason = this.#reasons()
      .flatMap(([name, n], i) => new Array(Number(n - (before[i] as [string, bigint])[1])).fill(name))
      .join('+');
    const action = ACTIONS[returnValue & 255] ?? 'aborted';
    if (action === 'dropped') return { action, reason };
    if (action !== 'forwarded') return { action, reason, frame: hex(data) };
    if (reason) return { action: 'answered', reason, device: returnValue >>> 8, frame: hex(withUsualId(data)) };
    return { action, device: returnValue >>> 8, frame: hex(data) };
  }

  /** The same, from the private side. */
  receiveReply(frame: Uint8Array): Outcome {
    return this.receive(frame, roles.PRIVATE);
  }

  /** The bare program: no counters read, the action below the device. */
  program(device: number): Program {
    return this.#from[device] as Program;
  }

  /** Runs a program of xlvs_packet.bpf.c and returns what it returned. */
  run(name: string, data: Uint8Array = new Uint8Array(64)): number {
    return this.object.program(name).testRun({ data }).returnValue;
  }

  /** As many slices of the timer as come by so many connections, and by so many persistence entries, once. */
  goRound(connections: number, entries = 0): void {
    const slices = Math.ceil(Math.max(connections / SLICE.connections, entries / SLICE.persistence));
    for (let i = 0; i < slices; i++) this.run('expire');
  }

  #reasons(): [string, bigint][] {
    const passes = [...this.tables.passes.sums()].map(([i, n]): [string, bigint] => [abi.passReasonNames[i] ?? '?', n]);
    const drops = [...this.tables.drops.sums()].map(([i, n]): [string, bigint] => [abi.dropReasonNames[i] ?? '?', n]);
    return [...passes, ...drops];
  }

  /** How often something happened since the last reset: `connection_created`. */
  happened(event: string): number {
    const names = Object.entries(abi.eventNames).map(([id, name]) => [name.replace(/^event_/, ''), Number(id)]);
    return Number(this.tables.events.sum(Object.fromEntries(names)[event]));
  }

  /** How often each reason was counted since the last reset, without the zeros; `too_big` is both a pass and a drop. */
  get reasons(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [name, n] of this.#reasons()) if (n) counts[name] = (counts[name] ?? 0) + Number(n);
    return counts;
  }

  /** Both halves of a connection as they stand in the table. */
  connection(f: Frames = frames(), protocol: keyof typeof PROTOCOLS = 'tcp') {
    const key = (from: roles.Endpoint, to: roles.Endpoint): abi.FlowKey => ({
      source: ownAddress(from.address),
      destination: ownAddress(to.address),
      sourcePort: from.port,
      destinationPort: to.port,
      protocol: PROTOCOLS[protocol],
      reserved: new Uint8Array(3),
    });
    const forward = this.tables.connections.get(key(f.client, f.vip));
    const reply = this.tables.connections.get(key(f.server, f.client));
    return { forward, reply };
  }

  /** The state of a connection by name, `undefined` if there is none. */
  state(f: Frames = frames(), protocol: keyof typeof PROTOCOLS = 'tcp'): string | undefined {
    const { forward } = this.connection(f, protocol);
    return forward && abi.stateNames[forward.state & 31];
  }

  /** Halves in the connection table. */
  get halves(): number {
    return this.tables.connections.size;
  }

  /** The next hop question that was asked last, and how many there were. */
  get question(): { asked: number; ifindex: number; source: number; destination: number; protocol: number } {
    return this.tables.questions.get(0) as never;
  }
}
