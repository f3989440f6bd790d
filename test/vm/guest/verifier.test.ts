// SPDX-License-Identifier: MIT
// What this kernel's verifier makes of the programs: that it takes them, and how many instructions it looked at.
import { fileURLToPath } from 'node:url';
import { BpfObject, ifIndex, xdpFeatures } from 'libbpf-ts';
import { expect, test } from 'vitest';
import { figureName } from '../../figure-name.ts';

const OBJECTS = ['xlvs', 'xlvs6'].map((name) => [
  name,
  fileURLToPath(new URL(`../../build/${name}.bpf.o`, import.meta.url)),
]) as [string, string][];
/** What a program may take. */
const LIMIT = 200_000;

test('what the kernel lacks is named', () => {
  const features = xdpFeatures(ifIndex('lo') ?? 1);
  if (features === undefined)
    console.log('vm: lacks XDP features of devices (Linux 6.3): auto takes generic on a veth');
  expect(typeof features).toMatch(/bigint|undefined/);
});

test.each(OBJECTS)(
  'every program of %s loads, and looking at it takes no more instructions than planned',
  (file, path) => {
    const object = BpfObject.open(path, { name: file });
    try {
      object.load();
      for (const name of object.programs()) {
        const { verifiedInstructions, jitedSize } = object.program(name).info();
        console.log(`vm: figure verifier/${figureName(file, name)} ${verifiedInstructions}`);
        expect(jitedSize).toBeGreaterThan(0);
        expect(verifiedInstructions).toBeGreaterThan(0);
        expect(verifiedInstructions).toBeLessThan(LIMIT);
      }
    } finally {
      object.close();
    }
  },
);
