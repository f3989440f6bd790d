// SPDX-License-Identifier: MIT
// All scenarios.
import type { Scenario } from '../scenario.ts';
import { answers } from './answers.ts';
import { fragments } from './fragments.ts';
import { listings } from './listings.ts';
import { marks } from './marks.ts';
import { persistence } from './persistence.ts';
import { reuse } from './reuse.ts';
import { schedulers } from './schedulers.ts';
import { sctpScenarios } from './sctp.ts';
import { states } from './states.ts';
import { switches } from './switches.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...persistence,
  ...reuse,
  ...marks,
  ...listings,
  ...states,
  ...schedulers,
  ...answers,
  ...fragments,
  ...sctpScenarios,
  ...switches,
];
