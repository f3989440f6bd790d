// SPDX-License-Identifier: MIT
// Finds and loads libbpf.node: beside this file (bundled), or where node-gyp puts it. Nothing else loads it.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BpfError } from './bpf-error.ts';
import type { BpfMap } from './bpf-map.ts';
import type { BpfObject } from './bpf-object.ts';
import type { FileLock } from './file-lock.ts';
import type { Link } from './link.ts';
import type { NetDeviceFunctions } from './net-device.ts';
import type { NetlinkMonitor } from './netlink-monitor.ts';
import type { Program } from './program.ts';
import type { RingBuffer } from './ring-buffer.ts';

interface Addon extends NetDeviceFunctions {
  setErrorClass(errorClass: typeof BpfError): void;
  BpfObject: typeof BpfObject;
  BpfMap: typeof BpfMap;
  Program: typeof Program;
  Link: typeof Link;
  RingBuffer: typeof RingBuffer;
  NetlinkMonitor: typeof NetlinkMonitor;
  FileLock: typeof FileLock;
  possibleCpus(): number;
  btfById(id: number): Uint8Array;
  vmlinuxBtf(): Uint8Array | undefined;
}

const places = ['./libbpf.node', '../build/Release/libbpf.node'];

function load(): Addon {
  const candidates = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = candidates.find((candidate) => existsSync(candidate));
  if (!path) throw new Error(`libbpf.node is in none of ${candidates.join(', ')}: run "npm run build" in libbpf-ts`);
  const addon = createRequire(import.meta.url)(path) as Addon;
  addon.setErrorClass(BpfError);
  return addon;
}

export const addon = load();
