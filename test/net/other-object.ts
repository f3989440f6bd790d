// SPDX-License-Identifier: MIT
// Another version of the data plane: one program more over the same maps, so that loading it is an upgrade.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileBpf } from '../compile-bpf.ts';

const MAIN = fileURLToPath(new URL('../../bpf/xlvs.bpf.c', import.meta.url));

/** Compiles it into `directory`; returns the object's path. */
export function compileOther(directory: string): string {
  const [source, object] = [join(directory, 'other.bpf.c'), join(directory, 'other.bpf.o')];
  writeFileSync(source, `#include "${MAIN}"\nSEC("xdp") int other(struct xdp_md *ctx) { return XDP_PASS; }\n`);
  compileBpf(source, object);
  compileBpf(source, join(directory, 'other6.bpf.o'), '-DXLVS_IPV6');
  return object;
}
