// SPDX-License-Identifier: MIT
// What the verifier makes of each program on this kernel: no more than the design's budget, and no more than 5 % over what
// verifier.json has on record. `XLVS_RECORD="why" npx vitest run test/contract/verifier.test.ts` records what is so now.
// The kernels of test-vm have a record of their own (test/vm/record.json).
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { BpfObject } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(import.meta.dirname, 'verifier.json');
const BUDGET = 200_000;
const GROWTH = 1.05;

interface VerifierRecord {
  readonly reason: string;
  /** instructions by object and program, by kernel and compiler: `6.18 clang 14` */
  readonly walked: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const said = execFileSync(process.env.CLANG ?? 'clang', ['--version'], { encoding: 'utf8' });
const here = `${/^\d+\.\d+/.exec(release())} clang ${/version (\d+)/.exec(said)?.[1]}`;
const record = JSON.parse(readFileSync(FILE, 'utf8')) as VerifierRecord;

function walked(): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const file of ['xlvs', 'xlvs6']) {
    const object = BpfObject.open(join(ROOT, `build/${file}.bpf.o`));
    object.load();
    for (const program of object.programs())
      figures[`${file}/${program}`] = object.program(program).info().verifiedInstructions;
    object.close();
  }
  return figures;
}

describe(`the verifier's way through each program (${here})`, () => {
  const now = walked();
  const reason = process.env.XLVS_RECORD;
  if (reason)
    writeFileSync(FILE, `${JSON.stringify({ reason, walked: { ...record.walked, [here]: now } }, undefined, 2)}\n`);

  it.each(Object.entries(now))('%s: %i instructions, within the budget', (_, instructions) => {
    expect(instructions).toBeGreaterThan(0);
    expect(instructions).toBeLessThanOrEqual(BUDGET);
  });

  /** Another kernel or compiler walks another way: nothing to compare with, and the budget holds all the same. */
  const known = record.walked[here] ?? {};
  const recorded = reason ? now : known;
  it.each(Object.entries(recorded))('%s: no more than 5 % over the record, %i', (program, instructions) => {
    expect(now[program], 'the program is gone: record anew').toBeDefined();
    expect(now[program]).toBeLessThanOrEqual(instructions * GROWTH);
  });

  it(
    Object.keys(known).length > 0 ? 'has a record of every program' : 'has no record of any: the budget alone holds',
    () => {
      if (Object.keys(recorded).length > 0) expect(Object.keys(recorded).sort()).toEqual(Object.keys(now).sort());
    },
  );
});
