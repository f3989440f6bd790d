// SPDX-License-Identifier: MIT
// The pinned link of each of the router's devices, and the pinned program. A link follows its device's ifindex; a device that went
// away and came back needs a new one.
//
// Not here: which devices get one, in which mode (attach.ts).
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { Link, type Program } from 'libbpf-ts';
import { deviceOfPin, pinPaths } from './pins.ts';

/** Devices with a pinned link. */
export function linkedDevices(pins: string): string[] {
  const links = pinPaths.links(pins);
  return existsSync(links) ? readdirSync(links).map(deviceOfPin).sort() : [];
}

function openLink(pins: string, device: string): Link | undefined {
  const path = pinPaths.link(pins, device);
  return existsSync(path) ? Link.openPin(path) : undefined;
}

/** The ifindex a pinned link holds on to; 0: none, or its device is gone. */
export function linkIfindex(pins: string, device: string): number {
  const link = openLink(pins, device);
  try {
    return link?.info().ifindex ?? 0;
  } finally {
    link?.close();
  }
}

/** Takes XDP off a device. Nothing happens when xlvs is not on it. */
export function detachDevice(pins: string, device: string): void {
  const link = openLink(pins, device);
  if (!link) return;
  try {
    if (link.info().ifindex !== 0) link.detach();
  } finally {
    link.close();
    rmSync(pinPaths.link(pins, device), { force: true });
  }
}

/** Puts `program` under a live link without a gap. Returns whether it was another one. */
export function updateLink(pins: string, program: Program, device: string): boolean {
  const link = openLink(pins, device);
  try {
    if (!link || link.info().programId === program.info().id) return false;
    link.update(program);
    return true;
  } finally {
    link?.close();
  }
}

/** Replaces the pin of the program in force by one rename. */
export function pinProgram(pins: string, program: Program): void {
  const fresh = `${pinPaths.program(pins)}-new`;
  rmSync(fresh, { force: true });
  program.pin(fresh);
  renameSync(fresh, pinPaths.program(pins));
}
