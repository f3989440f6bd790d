// SPDX-License-Identifier: MIT
// Compiles xlvs_packet.bpf.c into build/test/ when it or the data plane is newer.
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileBpf } from '../compile-bpf.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SOURCE = here('../../test/packet/xlvs_packet.bpf.c');
const DATA_PLANE = here('../../bpf/');
const OUTPUT = here('../../build/test/');
const OBJECT = `${OUTPUT}xlvs_packet.bpf.o`;

function isFresh(): boolean {
  if (!existsSync(OBJECT)) return false;
  const built = statSync(OBJECT).mtimeMs;
  const sources = [SOURCE, ...readdirSync(DATA_PLANE).map((name) => DATA_PLANE + name)];
  return sources.every((source) => statSync(source).mtimeMs < built);
}

/** Returns the object's path. */
export function buildPacketObject(): string {
  if (isFresh()) return OBJECT;
  mkdirSync(OUTPUT, { recursive: true });
  const unfinished = `${OBJECT}.${process.pid}`;
  compileBpf(SOURCE, unfinished);
  renameSync(unfinished, OBJECT);
  return OBJECT;
}
