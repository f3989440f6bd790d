// SPDX-License-Identifier: MIT
// Compiles xlvs_packet.bpf.c into build/test/ when it or the data plane is newer.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileWhenStale } from '../compile-bpf.ts';
import { FAMILY, type IpFamily } from './family.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SOURCE = here('../../test/packet/xlvs_packet.bpf.c');
const TRAFFIC = here('../../test/packet/traffic.h');
const DATA_PLANE = here('../../bpf/');

/** Returns the object's path. */
export function buildPacketObject(family: IpFamily = FAMILY): string {
  const object = here(`../../build/test/xlvs_packet${family === 6 ? '6' : ''}.bpf.o`);
  const included = [...readdirSync(DATA_PLANE).map((name) => DATA_PLANE + name), TRAFFIC];
  compileWhenStale(SOURCE, object, included, ...(family === 6 ? ['-DXLVS_IPV6'] : []));
  return object;
}
