// SPDX-License-Identifier: MIT
// XDP on the router's devices, all in one mode: which, and that all of them are attached or, after an error, all as they were.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { BpfError, driverName, Link, Program, type XdpMode, xdpFeatures, xdpQuery } from 'libbpf-ts';
import type { AttachMode } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { detachDevice, linkedDevices, linkIfindex, updateLink } from './links.ts';
import { pinPaths } from './pins.ts';

export interface LinkTarget {
  readonly device: string;
  readonly ifindex: number;
  /** bytes */
  readonly mtu: number;
  readonly mode: AttachMode;
}

export interface Attachment {
  readonly mode: XdpMode;
  /** why this mode, in a phrase */
  readonly reason: string;
  /** devices that were attached or updated by this call */
  readonly touched: readonly string[];
}

/** NETDEV_XDP_ACT_NDO_XMIT: the device takes frames that others redirect to it (linux/netdev.h). */
const XDP_ACT_NDO_XMIT = 4n;
/** NETDEV_XDP_ACT_NDO_XMIT_SG: also such as come in several buffers. */
const XDP_ACT_NDO_XMIT_SG = 64n;

/** What a page holds beside XDP's headroom (256), the kernel's own (320), Ethernet and two tags; of larger packets, several. */
const PAGE_MTU = 4096 - 256 - 320 - 22;

/** The one mode the config asks for; `auto` where none is named. Throws XlvsError when there are two. */
export function askedMode(targets: readonly Pick<LinkTarget, 'mode'>[]): AttachMode {
  const named = [...new Set(targets.map((target) => target.mode).filter((mode) => mode !== 'auto'))];
  if (named.length > 1) {
    throw new XlvsError('usage', `interfaces ask for different modes (${named.join(', ')})`, 'name one mode for all');
  }
  return named[0] ?? 'auto';
}

function refuseStrangers(pins: string, targets: readonly LinkTarget[]): void {
  for (const { device, ifindex } of targets) {
    if (linkIfindex(pins, device) === ifindex) continue;
    const { programId, mode } = xdpQuery(ifindex);
    if (programId === 0) continue;
    throw new XlvsError(
      'conflict',
      `device ${device} already has XDP program ${programId} attached (${programName(programId)})`,
      `detach it by the tool that owns it, or with ${detachCommands(device, mode)}`,
    );
  }
}

const OFF_FLAGS = { native: 'xdpdrv', generic: 'xdpgeneric', offload: 'xdpoffload' } as const;

/** Each way of attaching has its own way off; a link's program answers only to the link. */
function detachCommands(device: string, mode: XdpMode | undefined): string {
  const flag = mode === undefined ? 'xdp' : OFF_FLAGS[mode];
  return `\`ip link set dev ${device} ${flag} off\`; if a BPF link holds it: \`bpftool link\` names it, \`bpftool link detach id ID\``;
}

function programName(id: number): string {
  const program = Program.openId(id);
  try {
    return program.info().name;
  } finally {
    program.close();
  }
}

/** The kernel's number in words, with the device and the cure. */
function attachError({ device }: LinkTarget, mode: XdpMode, cause: BpfError): XlvsError {
  if (cause.code === 'EBUSY') {
    return new XlvsError(
      'conflict',
      `device ${device} already has an XDP program in another mode`,
      'detach it first',
      cause,
    );
  }
  const cure =
    mode === 'generic'
      ? 'see whether the device is up and takes XDP at all'
      : 'set `mode: auto` or `mode: generic`, or lower the MTU and switch LRO off on this device';
  return new XlvsError('refused', `${device} cannot be attached in ${mode} mode (${cause.code})`, cure, cause);
}

function attachLink(program: Program, target: LinkTarget, mode: XdpMode): Link {
  try {
    return Link.attachXdp(program, target.ifindex, { mode });
  } catch (cause) {
    throw cause instanceof BpfError ? attachError(target, mode, cause) : cause;
  }
}

function attachOne(pins: string, program: Program, target: LinkTarget, mode: XdpMode): void {
  const link = attachLink(program, target, mode);
  try {
    mkdirSync(pinPaths.links(pins), { recursive: true });
    link.pin(pinPaths.link(pins, target.device));
  } catch (error) {
    link.detach();
    throw error;
  } finally {
    link.close();
  }
}

/** Attaches to all or, after an error, to none. */
function attachEach(pins: string, program: Program, targets: readonly LinkTarget[], mode: XdpMode): void {
  const done: string[] = [];
  try {
    for (const target of targets) {
      attachOne(pins, program, target, mode);
      done.push(target.device);
    }
  } catch (error) {
    for (const device of done) detachDevice(pins, device);
    throw error;
  }
}

/**
 * The first device that drops what is redirected to it. Kernels before 6.3 do not tell; there a veth is taken to be one,
 * since it drops in silence unless its peer has NAPI, and nothing takes a packet in several buffers.
 */
function firstWithoutTransmit(targets: readonly LinkTarget[]): string | undefined {
  const isLarge = targets.some(({ mtu }) => mtu > PAGE_MTU);
  const needed = isLarge ? XDP_ACT_NDO_XMIT | XDP_ACT_NDO_XMIT_SG : XDP_ACT_NDO_XMIT;
  return targets.find(({ device, ifindex }) => {
    const features = xdpFeatures(ifindex);
    return features === undefined ? isLarge || driverName(device) === 'veth' : (features & needed) !== needed;
  })?.device;
}

/** Native if every device can both attach and transmit, else generic on all. */
function attachAuto(pins: string, program: Program, targets: readonly LinkTarget[]): Omit<Attachment, 'touched'> {
  let reason: string;
  try {
    attachEach(pins, program, targets, 'native');
    const deaf = firstWithoutTransmit(targets);
    if (deaf === undefined) return { mode: 'native', reason: 'every interface attaches natively and can transmit' };
    reason = `${deaf} cannot transmit redirected frames in native mode`;
    for (const { device } of targets) detachDevice(pins, device);
  } catch (error) {
    if (!(error instanceof XlvsError)) throw error;
    reason = `native attach failed: ${error.message}`;
  }
  attachEach(pins, program, targets, 'generic');
  return { mode: 'generic', reason };
}

function attachFresh(pins: string, program: Program, targets: readonly LinkTarget[]): Omit<Attachment, 'touched'> {
  const asked = askedMode(targets);
  if (asked === 'auto') return attachAuto(pins, program, targets);
  attachEach(pins, program, targets, asked);
  return { mode: asked, reason: 'named in the config' };
}

/** A device that got another name keeps its link, under the name that is asked for now. */
function followNames(pins: string, targets: readonly LinkTarget[]): void {
  for (const name of linkedDevices(pins)) {
    if (targets.some(({ device }) => device === name)) continue;
    const ifindex = linkIfindex(pins, name);
    const target = ifindex && targets.find((one) => one.ifindex === ifindex);
    if (target && linkIfindex(pins, target.device) === 0) {
      rmSync(pinPaths.link(pins, target.device), { force: true });
      renameSync(pinPaths.link(pins, name), pinPaths.link(pins, target.device));
    }
  }
}

/** Links that run keep their mode: between two a device would be without XDP, and the kernel would reset its connections. */
function refuseOtherMode(asked: AttachMode, mode: XdpMode): void {
  if (asked === 'auto' || asked === mode) return;
  throw new XlvsError(
    'conflict',
    `the interfaces run in ${mode} mode, the config asks for ${asked}`,
    'a router keeps its mode while it runs: `xlvs down` first, or leave `mode` as it is',
  );
}

/** Attaches to these beside others that run in this mode; to all or, after an error, to none. */
function joinOthers(pins: string, program: Program, targets: readonly LinkTarget[], mode: XdpMode): void {
  try {
    attachEach(pins, program, targets, mode);
  } catch (error) {
    if (!(error instanceof XlvsError) || error.code !== 'refused') throw error;
    throw new XlvsError(
      'conflict',
      `${error.message}, and the other interfaces run in it`,
      'a router keeps its mode while it runs: `xlvs down`, then `xlvs up` finds one for all; or leave this interface out',
      error,
    );
  }
}

/** Updates these, live, in place; after an error all have the program that is pinned. Returns those that had another one. */
function updateEach(pins: string, program: Program, targets: readonly LinkTarget[]): string[] {
  const devices = targets.map(({ device }) => device);
  try {
    return devices.filter((device) => updateLink(pins, program, device));
  } catch (error) {
    const before = Program.openPin(pinPaths.program(pins));
    try {
      for (const device of devices) updateLink(pins, before, device);
    } finally {
      before.close();
    }
    throw error;
  }
}

/** Those without a live link attached, beside those with one. */
function attachLost(pins: string, program: Program, lost: readonly LinkTarget[], live: readonly LinkTarget[]) {
  // what stands in the way of a new link
  for (const { device } of lost) detachDevice(pins, device);
  if (live.length === 0) return attachFresh(pins, program, lost);
  const mode = xdpQuery((live[0] as LinkTarget).ifindex).mode ?? 'generic';
  refuseOtherMode(askedMode(live), mode);
  joinOthers(pins, program, lost, mode);
  return { mode, reason: 'as the interfaces that were attached already' };
}

/**
 * Every target attached to `program`, live links updated in place, then links of other devices taken off. After an error those that
 * ran run on as they did. Throws XlvsError.
 */
export function attachDevices(pins: string, program: Program, targets: readonly LinkTarget[]): Attachment {
  followNames(pins, targets);
  refuseStrangers(pins, targets);
  const live = targets.filter((target) => linkIfindex(pins, target.device) === target.ifindex);
  const lost = targets.filter((target) => !live.includes(target));
  const how = attachLost(pins, program, lost, live);
  const touched = lost.map(({ device }) => device);
  try {
    touched.unshift(...updateEach(pins, program, live));
  } catch (error) {
    for (const { device } of lost) detachDevice(pins, device);
    throw error;
  }
  const wanted = new Set(targets.map((target) => target.device));
  for (const device of linkedDevices(pins)) if (!wanted.has(device)) detachDevice(pins, device);
  return { ...how, touched };
}
