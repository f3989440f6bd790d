// SPDX-License-Identifier: MIT
// The one record of router-wide settings. Every writer changes single fields of what stands there, under the lock.
import * as abi from '../abi/index.ts';
import { DEFAULT_SWITCHES, type Limits, NO_LIMITS, type Switches, type Tables, type Timeouts } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { secondsOf, ticksOf } from './abi-values.ts';
import { blocks, setsPerBlock } from './front-blocks.ts';
import type { RouterMaps } from './pins.ts';

type Settings = Pick<RouterMaps, 'settings'>;

export const DEFAULT_TIMEOUTS: Timeouts = { tcp: 900, tcpfin: 120, udp: 300 };

/** Seconds per state: ip_vs_proto_tcp.c's table, with the three that can be set in their places. */
function stateSeconds(timeouts: Timeouts): Record<number, number> {
  const { State } = abi;
  return {
    [State.NONE]: 2,
    [State.ESTABLISHED]: timeouts.tcp,
    [State.SYN_SENT]: 120,
    [State.SYN_RECV]: 60,
    [State.FIN_WAIT]: timeouts.tcpfin,
    [State.TIME_WAIT]: 120,
    [State.CLOSE]: 10,
    [State.CLOSE_WAIT]: 60,
    [State.LAST_ACK]: 30,
    [State.LISTEN]: 120,
    [State.SYNACK]: 120,
    [State.UDP]: timeouts.udp,
  };
}

/** The same of ip_vs_proto_sctp.c, where nothing can be set. */
function sctpSeconds(): Record<number, number> {
  const { State } = abi;
  const others = Array.from({ length: State.SCTP_CLOSED - State.SCTP_NONE + 1 }, (_, i) => [State.SCTP_NONE + i, 61]);
  return {
    ...Object.fromEntries(others),
    [State.SCTP_NONE]: 2,
    [State.SCTP_INIT1]: 4,
    [State.SCTP_REJECTED]: 4,
    [State.SCTP_ESTABLISHED]: 900,
  };
}

/**
 * Ticks by state number. A reply half does not know the connection's state: until the shortest timeout of all has
 * passed without a packet, it need not ask. SCTP's always ask.
 */
export function stateTicks(timeouts: Timeouts): number[] {
  const seconds = stateSeconds(timeouts);
  const { [abi.State.NONE]: _never, ...entered } = seconds;
  seconds[abi.State.REPLY] = Math.min(...Object.values(entered));
  const all: Record<number, number> = { ...sctpSeconds(), ...seconds };
  return Array.from({ length: abi.LIMIT_STATES }, (_, state) => ticksOf(all[state] ?? 0));
}

export function readSettings(maps: Settings): abi.Settings {
  const settings = maps.settings.get(0);
  if (!settings)
    throw new XlvsError('missing', 'the pinned map settings has no entry', 'run `xlvs down`, then start xlvs again');
  return settings;
}

export function patchSettings(maps: Settings, patch: Partial<abi.Settings>): void {
  maps.settings.set(0, { ...readSettings(maps), ...patch });
}

export function readTimeouts(maps: Settings): Timeouts {
  const { timeouts } = readSettings(maps);
  const seconds = (state: number): number => Math.floor(secondsOf(timeouts[state] ?? 0));
  return {
    tcp: seconds(abi.State.ESTABLISHED),
    tcpfin: seconds(abi.State.FIN_WAIT),
    udp: seconds(abi.State.UDP),
  };
}

/** IPVS's switches as settings, and back; durations are ticks there. */
export function switchSettings(switches: Switches) {
  return {
    connReuseMode: switches.conn_reuse_mode,
    expireNodestConn: switches.expire_nodest_conn,
    expireQuiescentTemplate: switches.expire_quiescent_template,
    sloppyTcp: switches.sloppy_tcp,
    sloppySctp: switches.sloppy_sctp,
    lblcExpiration: ticksOf(switches.lblc_expiration),
    lblcrExpiration: ticksOf(switches.lblcr_expiration),
    cacheBypass: switches.cache_bypass,
    scheduleIcmp: switches.schedule_icmp,
    natIcmpSend: switches.nat_icmp_send,
    dropEntry: switches.drop_entry,
    dropPacket: switches.drop_packet,
    secureTcp: switches.secure_tcp,
    amDroprate: switches.am_droprate,
    amemthresh: switches.amemthresh,
  };
}

/** One packet in so many is to go, as update_defense_level of IPVS's ip_vs_ctl.c reckons; 0: memory is not short. */
export function shortageOf(freePages: number, amemthresh: number): number {
  return freePages < amemthresh ? Math.floor(amemthresh / (amemthresh - freePages)) : 0;
}

export function limitSettings({ perSource, perService }: Limits) {
  return { sourceLimit: perSource, serviceLimit: perService };
}

export function readLimits(maps: Settings): Limits {
  const { sourceLimit, serviceLimit } = readSettings(maps);
  return { perSource: sourceLimit, perService: serviceLimit };
}

export function readSwitches(maps: Settings): Switches {
  const settings = readSettings(maps);
  return {
    am_droprate: settings.amDroprate,
    amemthresh: settings.amemthresh,
    cache_bypass: settings.cacheBypass,
    conn_reuse_mode: settings.connReuseMode,
    drop_entry: settings.dropEntry,
    drop_packet: settings.dropPacket,
    expire_nodest_conn: settings.expireNodestConn,
    expire_quiescent_template: settings.expireQuiescentTemplate,
    lblc_expiration: Math.floor(secondsOf(settings.lblcExpiration)),
    lblcr_expiration: Math.floor(secondsOf(settings.lblcrExpiration)),
    nat_icmp_send: settings.natIcmpSend,
    schedule_icmp: settings.scheduleIcmp,
    secure_tcp: settings.secureTcp,
    sloppy_sctp: settings.sloppySctp,
    sloppy_tcp: settings.sloppyTcp,
  };
}

export function bumpGeneration(maps: Settings): void {
  patchSettings(maps, { generation: (readSettings(maps).generation + 1) >>> 0 });
}

const powerOfTwoAbove = (entries: number): number => 2 ** Math.ceil(Math.log2(entries));

/** Sizes with none left open. */
export type LoadTables = Required<Tables>;

/** Sizes of the kernel's maps for the table sizes of the config file. */
export function mapSizes(tables: LoadTables) {
  return {
    connections: tables.connections * 2,
    connection_slots: powerOfTwoAbove(tables.connections + 1024),
    connections6: tables.ipv6Connections * 2,
    connection_slots6: powerOfTwoAbove(tables.ipv6Connections + 1024),
    // a map has one entry at least
    front_sets: Math.max(1, blocks() * setsPerBlock(tables.copies)),
    front_hops: blocks() * abi.LIMIT_FRONT_HOPS,
    persistence: tables.persistence,
    persistence_slots: powerOfTwoAbove(tables.persistence + 1024),
    fragments: tables.fragments,
  };
}

/** The settings a fresh data plane starts with. */
export function initialSettings(tables: LoadTables): abi.Settings {
  const sizes = mapSizes(tables);
  return {
    abiVersion: abi.ABI_VERSION,
    generation: 1,
    timeouts: stateTicks(DEFAULT_TIMEOUTS),
    ...switchSettings(DEFAULT_SWITCHES),
    ...limitSettings(NO_LIMITS),
    markSet: 0,
    marks: 0,
    connectionRingMasks: [sizes.connection_slots - 1, sizes.connection_slots6 - 1],
    persistenceRingMask: sizes.persistence_slots - 1,
    persistenceCapacity: sizes.persistence,
    frontSets: setsPerBlock(tables.copies),
  };
}
