// SPDX-License-Identifier: MIT
// libbpf for Node.js. The contract of each class is in the file of its name; the addon implements it.
import { addon } from './addon.ts';
import type { BpfMap as BpfMapClass } from './bpf-map.ts';
import type { BpfObject as BpfObjectClass } from './bpf-object.ts';
import type { FileLock as FileLockClass } from './file-lock.ts';
import type { Link as LinkClass } from './link.ts';
import type { NetlinkMonitor as NetlinkMonitorClass } from './netlink-monitor.ts';
import type { Program as ProgramClass } from './program.ts';
import type { RingBuffer as RingBufferClass } from './ring-buffer.ts';

export { BpfError, type BpfFailure } from './bpf-error.ts';
export type { MapBatch, MapCreate, MapInfo, MapTypes, UpdateMode } from './bpf-map.ts';
export type { MapDefinition, ObjectOptions } from './bpf-object.ts';
export type { FileLockOptions } from './file-lock.ts';
export type { LinkInfo, XdpMode } from './link.ts';
export type { MapTypeName } from './map-type.ts';
export type { XdpAttachment } from './net-device.ts';
export type { NetlinkMessage, NetlinkMonitorOptions } from './netlink-monitor.ts';
export type { ProgramInfo, TestRunOptions, TestRunResult } from './program.ts';
export type { RingBufferOptions } from './ring-buffer.ts';
export { verifierReason } from './verifier-reason.ts';

export const { BpfObject, BpfMap, Program, Link, RingBuffer, NetlinkMonitor, FileLock } = addon;
export type BpfObject = BpfObjectClass;
export type BpfMap = BpfMapClass;
export type Program = ProgramClass;
export type Link = LinkClass;
export type RingBuffer = RingBufferClass;
export type NetlinkMonitor = NetlinkMonitorClass;
export type FileLock = FileLockClass;

/** CPUs there can ever be: the number of slots in a per-CPU value. */
export const possibleCpus = addon.possibleCpus;
/** Raw BTF of a loaded object, by the `btfId` of a map or program. Throws ENOENT. */
export const btfById = addon.btfById;
/** The kernel's own types as raw BTF; `undefined` for a kernel built without. */
export const vmlinuxBtf = addon.vmlinuxBtf;

export const { ifIndex, ifName, driverName, ethtoolFlags, xdpQuery, xdpFeatures, sendFrame } = addon;
