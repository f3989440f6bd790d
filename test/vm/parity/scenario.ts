// SPDX-License-Identifier: MIT
// A scenario and its outcome: steps done to both routers, and how what they showed differs.
import { DEPARTURES, type Departure, type Difference } from './departures.ts';
import { areAlike, areAllAlike, type Line } from './lines.ts';
import { Play, type Step } from './play.ts';
import type { Router } from './routers.ts';
import type { RouterName, Wires } from './wires.ts';
import type { Family } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
  /** switches it turns, and what they are otherwise */
  readonly switches?: Readonly<Record<string, number>>;
  /** both unless said */
  readonly families?: readonly Family[];
  /** the packet filter, or xlvs's rules, mark its packets (world.ts) */
  readonly isMarked?: true;
  /** xlvs's commands are processes of the built program, which takes an emulated machine longer than what they do */
  readonly isOfProgram?: true;
}

const SHOWN = 30;

const shown = (mark: string, { text, seconds }: Line): string =>
  `${mark} ${text}${seconds === undefined ? '' : ` (${Math.round(seconds)} s)`}`;

/** `-` kernel IPVS's, `+` xlvs's; what is alike is left out, but for lines between. */
export function differenceText({ scenario, step, ipvs, xlvs }: Difference): string {
  const lines = Array.from({ length: Math.max(ipvs.length, xlvs.length) }, (_, i) => i).flatMap((i) => {
    const [a, b] = [ipvs[i], xlvs[i]];
    if (areAlike(a, b)) return [];
    return [...(a ? [shown('-', a)] : []), ...(b ? [shown('+', b)] : [])];
  });
  const rest = lines.length > SHOWN ? [`  … ${lines.length - SHOWN} more lines`] : [];
  return [`${scenario}: ${step.title}: - kernel IPVS, + xlvs`, ...lines.slice(0, SHOWN), ...rest].join('\n');
}

export interface Outcome {
  readonly differences: readonly Difference[];
  /** those that explained some, and of which step */
  readonly met: readonly { readonly departure: Departure; readonly step: Step }[];
  /** lines compared: none is no comparison */
  readonly compared: number;
}

/** Plays it to its end, and clears both tables. Each difference is told, unless a departure explains it. */
export async function playScenario(
  scenario: Scenario,
  place: number,
  family: Family,
  wires: Wires,
  routers: Readonly<Record<RouterName, Router>>,
): Promise<Outcome> {
  const play = new Play(place, family, wires, routers);
  const [differences, met]: [Difference[], Outcome['met'][number][]] = [[], []];
  let compared = 0;
  try {
    for (const step of scenario.steps) {
      const seen = await step.run(play);
      compared += seen.ipvs.length;
      if (areAllAlike(seen.ipvs, seen.xlvs)) continue;
      const difference = { scenario: scenario.name, step, ...seen };
      const departure = DEPARTURES.find((one) => one.explains(difference));
      if (departure) met.push({ departure, step });
      else differences.push(difference);
    }
  } finally {
    for (const [name, value] of Object.entries(scenario.switches ?? {})) await play.setSwitch(name, value);
    await play.each(async (router) => [{ text: (await router.ipvsadm(['-C'])).stderr }]);
  }
  return { differences, met, compared };
}
