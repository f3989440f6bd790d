// SPDX-License-Identifier: MIT
// Are the running maps laid out as this version of xlvs writes them? Sizes alone would let swapped fields through.
import { type Btf, mapDifference, parseBtf } from 'bpf-maps';
import { type BpfMap, btfById } from 'libbpf-ts';
import * as abi from '../abi/index.ts';
import { XlvsError } from '../model/xlvs-error.ts';

const parsed = new Map<number, Btf>();

function btfOf(id: number): Btf | undefined {
  if (id === 0) return undefined;
  const known = parsed.get(id);
  if (known) return known;
  const btf = parseBtf(btfById(id));
  parsed.set(id, btf);
  return btf;
}

/** Throws XlvsError that names the field when the map is another version's. */
export function verifyLayout(name: keyof typeof abi.maps, map: BpfMap): void {
  const difference = mapDifference(abi.maps[name], map, btfOf(map.info.btfId));
  if (difference === undefined) return;
  throw new XlvsError(
    'conflict',
    `pinned map ${name} is of another version of xlvs: ${difference}`,
    'run `xlvs down` with that version, then start this one',
  );
}
