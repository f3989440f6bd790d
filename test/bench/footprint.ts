// SPDX-License-Identifier: MIT
// What is counted, not timed: kernel memory per connection, and how much the verifier has to walk through.
import { readFileSync } from 'node:fs';
import { BpfObject } from 'libbpf-ts';
import { ipv6ObjectFile } from '../../src/dataplane/objects.ts';
import { figureName } from '../figure-name.ts';
import { DATA_PLANE_OBJECT } from './places.ts';
import { openRig } from './rig.ts';
import type { Row } from './row.ts';

const CONNECTIONS = 1_000_000;
const MOST_BYTES = 400;
const MOST_INSTRUCTIONS = 200_000;

function memlock(fd: number): number {
  const line = /^memlock:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
  if (!line) throw new Error('this kernel does not tell the memory of a map');
  return Number(line[1]);
}

/** By program. */
function verifiedInstructions(): [string, number][] {
  return [DATA_PLANE_OBJECT, ipv6ObjectFile(DATA_PLANE_OBJECT)].flatMap((file, i) => {
    const object = BpfObject.open(file);
    try {
      object.load();
      return object
        .programs()
        .map((name): [string, number] => [
          figureName(i === 0 ? 'xlvs' : 'xlvs6', name),
          object.program(name).info().verifiedInstructions,
        ]);
    } finally {
      object.close();
    }
  });
}

export function footprintRows(): Row[] {
  const { router, close } = openRig(CONNECTIONS);
  try {
    const { connections, connection_slots, front_sets } = router.maps;
    const maps = [connections.map, connection_slots.map, front_sets.map];
    const bytes = maps.reduce((sum, { fd }) => sum + memlock(fd), 0) / CONNECTIONS;
    const row = (measure: string, value: number, unit: string, most: number): Row => ({
      measure,
      value,
      unit,
      against: `${most} ${unit}`,
      ratio: value / most,
      spread: null,
    });
    return [
      row('memory/connection', bytes, 'bytes', MOST_BYTES),
      ...verifiedInstructions().map(([name, n]) => row(`verifier/${name}`, n, 'instructions', MOST_INSTRUCTIONS)),
    ];
  } finally {
    close();
  }
}
