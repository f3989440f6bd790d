// SPDX-License-Identifier: MIT
// Parity with kernel IPVS: the same commands and the same packets through both, in one guest; whatever can be seen of them
// must be the same, but for the departures that parity/departures.ts names.
import { fileURLToPath } from 'node:url';
import { BpfObject } from 'libbpf-ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEPARTURES } from '../parity/departures.ts';
import { byProgram, openIpvs, openXlvs, type Router } from '../parity/routers.ts';
import { differenceText, playScenario } from '../parity/scenario.ts';
import { SCENARIOS } from '../parity/scenarios/index.ts';
import { layWires, type RouterName, Wires } from '../parity/wires.ts';
import type { Family } from '../parity/world.ts';

const TAP = fileURLToPath(new URL('../../build/test/tap.bpf.o', import.meta.url));
const met = new Set<string>();
let wires: Wires;
let routers: Record<RouterName, Router>;

const FAMILIES: readonly Family[] = [4, 6];
/** A regular expression of the names to play; all of them unless set. */
const { PARITY = '' } = process.env;
const all = FAMILIES.flatMap((family) =>
  SCENARIOS.filter(({ families = FAMILIES }) => families.includes(family)).map((scenario) => ({ scenario, family })),
).map((played, place) => ({ ...played, place, name: `${played.scenario.name}, IPv${played.family}` }));
/** Each at its own place, alone as among others: hashes of its addresses are the same. */
const places = all.filter(({ name }) => new RegExp(PARITY).test(name));

beforeAll(async () => {
  layWires(all.length);
  const object = BpfObject.open(TAP);
  object.load();
  wires = new Wires(object);
  const marked = places.filter(({ scenario }) => scenario.isMarked).map(({ place }) => place);
  routers = { ipvs: openIpvs(marked), xlvs: await openXlvs(marked) };
});

afterAll(async () => {
  for (const router of Object.values(routers ?? {})) await router.close();
  wires?.close();
});

describe('as kernel IPVS', () => {
  for (const { scenario, family, place, name } of places)
    test(name, async () => {
      const start = Date.now();
      const xlvs = scenario.isOfProgram ? byProgram(routers.xlvs) : routers.xlvs;
      const outcome = await playScenario(scenario, place, family, wires, { ...routers, xlvs });
      console.log(`vm: parity ${name}: ${outcome.compared} lines in ${Date.now() - start} ms`);
      for (const { departure, step } of outcome.met) {
        met.add(departure.name);
        console.log(`vm: departs in ${step.title}: ${departure.name}`);
      }
      const told = outcome.differences.map(differenceText).join('\n');
      if (told !== '') console.log(`vm: FAILED ${told}`);
      expect(outcome.differences.map(({ step }) => step.title)).toEqual([]);
      expect(outcome.compared, 'a scenario that shows nothing compares nothing').toBeGreaterThan(0);
    });
});

if (PARITY === '')
  test('every departure that is named was met', () => {
    expect(DEPARTURES.map(({ name }) => name).filter((name) => !met.has(name))).toEqual([]);
  });
